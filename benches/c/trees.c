// benches/programs/trees.js in C, with malloc and free.
#include "bench.h"
typedef struct Node { struct Node *left, *right; } Node;
static Node *build(int depth) {
  Node *node = malloc(sizeof(Node));
  node->left = depth ? build(depth - 1) : NULL;
  node->right = depth ? build(depth - 1) : NULL;
  return node;
}
static int count(const Node *node) { return node->left ? 1 + count(node->left) + count(node->right) : 1; }
static void drop(Node *node) {
  if (node->left) {
    drop(node->left);
    drop(node->right);
  }
  free(node);
}
static double run(void) {
  Node *longest = build(14);
  double total = 0;
  for (int depth = 4; depth <= 14; depth += 2)
    for (int i = 0; i < 1 << (14 - depth); i++) {
      Node *tree = build(depth);
      total += count(tree);
      drop(tree);
    }
  total += count(longest);
  drop(longest);
  return total;
}
BENCH(run, 228010)
