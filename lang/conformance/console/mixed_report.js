'use strict';
// A realistic report of nested data.
const inventory = [
  { sku: 'A-100', qty: 3, price: 9.99, tags: ['new', 'sale'], dims: { w: 1, h: 2, d: 0.5 } },
  { sku: 'B-200', qty: 0, price: 19.5, tags: [], dims: null },
];
console.log(inventory);
console.log({ inventory, total: inventory.reduce((s, i) => s + i.qty * i.price, 0), generated: true, by: (x) => x.sku });
console.log(inventory.map((i) => i.tags), Object.entries(inventory[1]));
