//! Classes, and the constructor functions of older programs. All have the same methods, so that call sites meet several.

use super::{Gen, Kind, Place};
use crate::tree::Node;

impl Gen {
    /// A class; later ones may extend earlier ones.
    pub fn class(&mut self) -> Node {
        let name = format!("C{}", self.classes.len());
        let parent = (!self.classes.is_empty() && self.rng.chance(60)).then(|| {
            let count = self.classes.len();
            self.classes[self.rng.below(count)].clone()
        });
        let extends = parent.as_ref().map_or(String::new(), |parent| format!(" extends {parent}"));
        let private = self.rng.chance(40);
        let mut members = Vec::new();
        if private {
            members.push(Node::piece("#s = 1;", vec![]));
        }
        if self.rng.chance(40) {
            let value = self.body(Place::Leaf, |inner| inner.expr(Kind::Int, 1));
            members.push(Node::piece("z = @;", vec![value]));
        }
        members.push(self.constructor(parent.is_some()));
        for number in 0..3 {
            if parent.is_none() || self.rng.chance(60) {
                members.push(self.method(number, parent.is_some(), private));
            }
        }
        if parent.is_none() || self.rng.chance(30) {
            let value = self.body(Place::Leaf, |inner| inner.expr(Kind::Int, 1));
            members.push(Node::piece("get acc() { return this.x + @; }", vec![value]));
            members.push(Node::piece("set acc(a) { this.y = a; }", vec![]));
        }
        if self.rng.chance(30) {
            let value = self.body(Place::Leaf, |inner| inner.expr(Kind::Int, 1));
            members.push(Node::piece("static s = @;", vec![value]));
        }
        self.classes.push(name.clone());
        Node::stmt(format!("class {name}{extends} {{\n@\n}}"), vec![Node::lines(members)])
    }

    fn constructor(&mut self, derived: bool) -> Node {
        let body = self.body(Place::Leaf, |inner| {
            inner.nesting += 3;
            inner.declare("a", Kind::Int, true);
            inner.declare("b", Kind::Int, true);
            let mut stores = Vec::new();
            if derived {
                let first = inner.expr(Kind::Int, 1);
                stores.push(Node::stmt("super(@, b);", vec![first]));
            }
            if !derived || inner.rng.chance(50) {
                stores.push(Node::stmt("this.x = a;", vec![]));
                let value = inner.element_value(1);
                stores.push(Node::stmt("this.y = @;", vec![value]));
            }
            if inner.rng.chance(30) {
                let test = inner.expr(Kind::Bool, 1);
                stores.push(Node::stmt("if (@) this.w = b;", vec![test]));
            }
            Node::stmts(stores)
        });
        Node::piece("constructor(a, b) {\n@\n}", vec![body])
    }

    fn method(&mut self, number: usize, derived: bool, private: bool) -> Node {
        if derived && self.rng.chance(40) {
            let value = self.body(Place::Leaf, |inner| {
                inner.declare("a", Kind::Int, false);
                inner.declare("b", Kind::Int, false);
                inner.expr(Kind::Int, 2)
            });
            return Node::piece(format!("m{number}(a, b) {{\nreturn super.m{number}(a, @);\n}}"), vec![value]);
        }
        if private && self.rng.chance(50) {
            let body = self.method_body(number);
            return Node::piece(
                format!("m{number}(a, b) {{\nthis.#s = (this.#s + a) | 0;\nthis.x = this.#s;\n@\n}}"),
                vec![body],
            );
        }
        let body = self.method_body(number);
        Node::piece(format!("m{number}(a, b) {{\n@\n}}"), vec![body])
    }

    /// A constructor function with its methods on the prototype.
    pub fn constructor_function(&mut self) -> Node {
        let name = format!("K{}", self.classes.len());
        let value = self.body(Place::Leaf, |inner| inner.expr(Kind::Int, 1));
        let methods: Vec<Node> = (0..3)
            .map(|number| {
                let body = self.method_body(number);
                Node::stmt(format!("{name}.prototype.m{number} = function (a, b) {{\n@\n}};"), vec![body])
            })
            .collect();
        self.classes.push(name.clone());
        let text = format!("function {name}(a, b) {{\nthis.y = b;\nthis.x = a;\nthis.q = @;\n}}\n@");
        Node::stmt(text, vec![value, Node::stmts(methods)])
    }
}
