//! Functions, closures and the bodies of methods.
//!
//! Functions call those made before them, and themselves with a first parameter that counts down; closures call nothing,
//! because anything may call them.

use super::{Function, Gen, Kind, Place};
use crate::tree::Node;

impl Gen {
    /// A closure that calls nothing, so that it may be called from anywhere.
    pub fn closure(&mut self) -> Node {
        let (a, b) = (self.fresh("a"), self.fresh("b"));
        let kind = self.scalar_kind();
        let times = self.times;
        let cost = self.cost;
        self.times = 1;
        let made = self.body(Place::Leaf, |inner| {
            inner.declare(&a, Kind::Int, true);
            // A default cannot mention its own parameter.
            let default = inner.expr(Kind::Int, 1);
            inner.declare(&b, Kind::Int, true);
            match inner.rng.below(8) {
                0..4 => {
                    let value = inner.expr(kind, 2);
                    Node::expr(format!("(({a}, {b}) => @)"), vec![value])
                }
                4 => {
                    let value = inner.expr(kind, 2);
                    Node::expr(format!("(({a}, {b} = @) => @)"), vec![default, value])
                }
                5 => {
                    let value = inner.expr(kind, 1);
                    Node::expr(format!("((...{a}) => {{\nconst {b} = {a}.length;\nreturn @;\n}})"), vec![value])
                }
                _ => {
                    let body = inner.block(2);
                    let value = inner.expr(kind, 2);
                    let text = format!("(function ({a}, {b}) {{\n@\nreturn @;\n}})");
                    Node::expr(text, vec![body, value])
                }
            }
        });
        self.times = times;
        self.cost = cost + 40 * times;
        made
    }

    /// The body of method `number`, with parameters `a` and `b`.
    pub fn method_body(&mut self, number: usize) -> Node {
        let times = std::mem::replace(&mut self.times, 20);
        let cost = std::mem::replace(&mut self.cost, 0);
        let kind = self.scalar_kind();
        let body = self.body(Place::Method(number), |inner| {
            inner.nesting += 3;
            inner.declare("a", Kind::Int, true);
            inner.declare("b", Kind::Int, true);
            let count = inner.rng.below(3);
            let mut statements: Vec<Node> = (0..count).map(|_| inner.statement()).collect();
            let value = inner.expr(kind, 2);
            statements.push(Node::stmt("return @;", vec![value]));
            Node::stmts(statements)
        });
        self.times = times;
        self.cost = cost;
        body
    }

    /// A function of the program, which later ones may call.
    pub fn function(&mut self) -> Node {
        let name = self.fresh("fn");
        let recursive = self.rng.chance(15);
        let count = self.rng.between(1, 4);
        let mut params: Vec<Kind> = (0..count).map(|_| self.kind()).collect();
        if recursive {
            params[0] = Kind::Int;
        }
        let result = self.kind();
        let result = if result == Kind::Func { Kind::Int } else { result };
        let names: Vec<String> = params.iter().map(|_| self.fresh("p")).collect();
        self.cost = 0;
        // A recursive function counts down from four, with up to two calls at each level.
        self.times = if recursive { 16 } else { 1 };
        let this = Function { name: name.clone(), params: params.clone(), result, cost: 0, recursive };
        let (list, body) = self.body(Place::Function, |inner| {
            let mut list: Vec<Node> = Vec::new();
            for (i, (param, &kind)) in names.iter().zip(&params).enumerate() {
                let piece = if i > 0 && inner.rng.chance(12) {
                    let default = inner.expr(kind, 1);
                    Node::piece(format!("{param} = @"), vec![default])
                } else if i > 0 && i + 1 == names.len() && kind == Kind::Arr && inner.rng.chance(60) {
                    Node::piece(format!("...{param}"), vec![])
                } else if i > 0 && kind == Kind::Obj && inner.rng.chance(20) {
                    let other = inner.fresh("v");
                    inner.declare(&other, Kind::Int, true);
                    list.push(Node::piece(format!("{{ x: {other} = 1, ...{param} }} = {{}}"), vec![]));
                    inner.declare(param, kind, true);
                    continue;
                } else {
                    Node::piece(param.clone(), vec![])
                };
                list.push(piece);
                inner.declare(param, kind, !(recursive && i == 0));
            }
            let mut statements = Vec::new();
            if recursive {
                let base = inner.expr(result, 1);
                statements.push(Node::stmt(format!("if (!({} > 0)) return @;", names[0]), vec![base]));
            }
            let locals = inner.rng.between(1, 3);
            for _ in 0..locals {
                statements.push(inner.declaration());
            }
            let count = inner.rng.between(2, 6);
            for _ in 0..count {
                statements.push(inner.statement());
            }
            if recursive {
                let calls = inner.rng.between(1, 2);
                for _ in 0..calls {
                    let mut arguments = inner.arguments(&this.params[1..], 2);
                    arguments.children.insert(0, Node::piece(format!("{} - 1", names[0]), vec![]));
                    let value = inner.fresh("v");
                    statements.push(Node::stmt(format!("let {value} = {name}(@);"), vec![arguments]));
                    inner.declare(&value, result, true);
                }
            }
            let value = inner.expr(result, 3);
            statements.push(Node::stmt("return @;", vec![value]));
            (list, Node::stmts(statements))
        });
        self.functions.push(Function { cost: self.cost + 10, ..this });
        self.times = 1;
        let head =
            if self.rng.chance(30) { format!("let {name} = function (@)") } else { format!("function {name}(@)") };
        let end = if head.starts_with("let") { ";" } else { "" };
        Node::stmt(format!("{head} {{\n@\n}}{end}"), vec![Node::list(list), body])
    }
}
