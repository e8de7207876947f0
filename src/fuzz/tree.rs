//! A program as a tree of text: what the generator makes, what the shrinker cuts, what is printed.
//!
//! A node is a template in which each `@` stands for a child, or a list of children with a separator between them. The
//! sort of a node says what may stand in its place, which is all that the shrinker has to know of the language: it drops
//! elements of lists, puts a node's own descendant of the same sort in its place, and tries the smallest expressions.
//! Whether the result is still a program is for the engines to say.

use std::fmt::Write;

/// What may stand where a node stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// An expression; its text is closed, so that it may stand in any expression.
    Expr,
    /// A statement.
    Stmt,
    /// A list of statements.
    Stmts,
    /// A list of something else, with a separator.
    List,
    /// A piece that only its own template can hold.
    Piece,
}

/// A piece of a program.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// What may stand in its place.
    pub sort: Sort,
    /// Template, or separator of a list.
    pub text: String,
    /// What stands for the `@`s, or the elements.
    pub children: Vec<Node>,
}

impl Node {
    fn new(sort: Sort, template: impl Into<String>, children: Vec<Node>) -> Node {
        let text = template.into();
        debug_assert_eq!(text.matches('@').count(), children.len(), "one child per @: {text}");
        Node { sort, text, children }
    }

    /// An expression.
    pub fn expr(template: impl Into<String>, children: Vec<Node>) -> Node {
        Node::new(Sort::Expr, template, children)
    }

    /// A statement.
    pub fn stmt(template: impl Into<String>, children: Vec<Node>) -> Node {
        Node::new(Sort::Stmt, template, children)
    }

    /// Something that only its template can hold, such as a class member.
    pub fn piece(template: impl Into<String>, children: Vec<Node>) -> Node {
        Node::new(Sort::Piece, template, children)
    }

    /// Statements, one after the other.
    pub fn stmts(children: Vec<Node>) -> Node {
        Node { sort: Sort::Stmts, text: "\n".to_string(), children }
    }

    /// Elements with commas between them.
    pub fn list(children: Vec<Node>) -> Node {
        Node { sort: Sort::List, text: ", ".to_string(), children }
    }

    /// Elements on lines of their own: members of a class, cases of a switch.
    pub fn lines(children: Vec<Node>) -> Node {
        Node { sort: Sort::List, text: "\n".to_string(), children }
    }

    /// Whether the number of children is free.
    pub fn is_list(&self) -> bool {
        matches!(self.sort, Sort::Stmts | Sort::List)
    }

    /// How many nodes there are, itself included.
    pub fn size(&self) -> usize {
        1 + self.children.iter().map(Node::size).sum::<usize>()
    }

    /// The node at the end of a path of child numbers.
    pub fn at(&self, path: &[usize]) -> &Node {
        path.iter().fold(self, |node, &i| &node.children[i])
    }

    /// The same, to change.
    pub fn at_mut(&mut self, path: &[usize]) -> &mut Node {
        path.iter().fold(self, |node, &i| &mut node.children[i])
    }

    /// The paths of all nodes, parents before children.
    pub fn paths(&self) -> Vec<Vec<usize>> {
        fn walk(node: &Node, path: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
            all.push(path.clone());
            for (i, child) in node.children.iter().enumerate() {
                path.push(i);
                walk(child, path, all);
                path.pop();
            }
        }
        let mut all = Vec::new();
        walk(self, &mut Vec::new(), &mut all);
        all
    }

    /// The program's text, indented by braces.
    pub fn print(&self) -> String {
        let mut flat = String::new();
        self.write(&mut flat);
        let mut text = String::with_capacity(flat.len() * 2);
        let mut depth = 0usize;
        for line in flat.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let closes = line.chars().take_while(|c| matches!(c, '}' | ')' | ']')).filter(|&c| c == '}').count();
            let indent = 2 * depth.saturating_sub(closes);
            writeln!(text, "{:indent$}{line}", "").expect("a string takes text");
            let opened = line.matches('{').count();
            depth = (depth + opened).saturating_sub(line.matches('}').count());
        }
        text
    }

    fn write(&self, out: &mut String) {
        if self.is_list() {
            for (i, child) in self.children.iter().enumerate() {
                if i > 0 {
                    out.push_str(&self.text);
                }
                child.write(out);
            }
            return;
        }
        let mut children = self.children.iter();
        for (i, part) in self.text.split('@').enumerate() {
            if i > 0 {
                children.next().expect("invariant: one child per @").write(out);
            }
            out.push_str(part);
        }
    }
}
