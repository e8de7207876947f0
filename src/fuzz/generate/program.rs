//! The whole of a program: what it starts with, its functions, and the phases in which they are called.

use super::{Function, Gen, Kind, Place};
use crate::tree::Node;

/// What programs print with and cut with. Each is a statement that the shrinker may drop.
const PRELUDE: &[&str] = &[
    "function str(v) {
if (typeof v === 'string') return `'${v.slice(0, 40)}'`;
if (v === null || typeof v !== 'object') return typeof v === 'function' ? 'function' : Object.is(v, -0) ? '-0' : `${v}`;
if (Array.isArray(v)) {
let s = `${v.length}[`;
for (let i = 0; i < v.length && i < 12; i++) s += (i in v ? (typeof v[i] === 'object' && v[i] !== null ? 'o' : str(v[i])) : '') + ',';
return s + ']';
}
let s = '{';
for (const k of Object.keys(v)) s += `${k}:${typeof v[k] === 'object' && v[k] !== null ? 'o' : str(v[k])},`;
return s + '}';
}",
    "function lim(v) {
if (typeof v === 'string') return v.length > 40 ? v.length : v;
return Array.isArray(v) && v.length > 40 ? v.slice(0, 3) : v;
}",
];

impl Gen {
    pub(super) fn program(mut self) -> Node {
        // Messages that quote the program, as V8 prints it, are left out: they say nothing about tiers.
        let messages = self.rng.chance(30);
        let mut all: Vec<Node> = vec![Node::piece("'use strict';", vec![])];
        all.extend(PRELUDE.iter().map(|text| Node::stmt(text.to_string(), vec![])));
        let shown = if messages {
            "v.name + (v.message.startsWith('Cannot') || v.message[0] === '#' ? v.message : '')"
        } else {
            "v.name + (v.message[0] === '#' ? v.message : '')"
        };
        all.push(Node::stmt(format!("function err(v) {{\nreturn v instanceof Error ? {shown} : str(v);\n}}"), vec![]));
        all.push(Node::stmt("let notes = 0, noted = '';", vec![]));
        all.push(Node::stmt("function note(v) {\nif (notes++ < 60) noted += str(v) + ' ';\n}", vec![]));
        all.push(Node::stmt("const objs = [], arrs = [[1, 2, 3], [0.5, 1.5], ['a', 'b', 'c'], [4, , 6]];", vec![]));
        all.push(Node::stmt("const map = new Map([[0, 1], [1, 2.5], ['a', 'b']]), set = new Set([1, 2]);", vec![]));
        for (name, kind, value) in
            [("gi", Kind::Int, "1"), ("gn", Kind::Num, "0.5"), ("gs", Kind::Str, "'g'"), ("ga", Kind::Arr, "[7, 8, 9]")]
        {
            self.declare(name, kind, true);
            all.push(Node::stmt(format!("let {name} = {value};"), vec![]));
        }
        let classes = self.rng.between(1, 3);
        for _ in 0..classes {
            let class = if self.rng.chance(25) { self.constructor_function() } else { self.class() };
            all.push(class);
        }
        all.push(self.objects());
        self.declare("go", Kind::Obj, true);
        all.push(Node::stmt("let go = objs[0];", vec![]));
        let functions = self.rng.between(2, 6);
        for _ in 0..functions {
            let function = self.function();
            all.push(function);
            if self.rng.chance(60) {
                let function = self.functions[self.functions.len() - 1].clone();
                let phases = self.rng.between(1, 2);
                for _ in 0..phases {
                    let phase = self.phase(&function);
                    all.push(phase);
                }
            }
        }
        for function in self.functions.clone() {
            if self.rng.chance(20) {
                self.place = Place::Main;
                self.cost = 0;
                let statement = self.statement();
                all.push(Node::stmt("try {\n@\n} catch (e) { note(err(e)); }", vec![Node::stmts(vec![statement])]));
            }
            let phase = self.phase(&function);
            all.push(phase);
        }
        all.push(Node::stmt("console.log(str(gi), str(gn), str(gs), str(ga), str(go));", vec![]));
        all.push(Node::stmt("for (const o of objs) console.log(str(o));", vec![]));
        all.push(Node::stmt("for (const a of arrs) console.log(str(a));", vec![]));
        all.push(Node::stmt("for (const [k, v] of map) console.log(str(k), str(v));", vec![]));
        all.push(Node::stmt("console.log(notes, noted, [...set].join(' '));", vec![]));
        Node::stmts(all)
    }

    fn objects(&mut self) -> Node {
        let same = self.rng.chance(30);
        let first = self.rng.below(self.classes.len());
        let values = (0..4)
            .map(|i| {
                let class = if same { first } else { (first + i) % self.classes.len() };
                let class = self.classes[class].clone();
                let kind = self.scalar_kind();
                let value = self.leaf_value(kind);
                Node::expr(format!("new {class}(@, {i})"), vec![value])
            })
            .collect();
        Node::stmt("objs.push(@);", vec![Node::list(values)])
    }

    fn leaf_value(&mut self, kind: Kind) -> Node {
        self.expr(kind, 0)
    }

    /// What an argument is over the turns of a phase.
    fn argument(&mut self, kind: Kind) -> Node {
        let text = match (kind, self.rng.below(6)) {
            (Kind::Int, 0) => "i".to_string(),
            (Kind::Int, 1) => format!("i - {}", self.rng.below(60)),
            (Kind::Int, 2) => format!("(i * {}) | 0", self.int_literal()),
            (Kind::Int, 3) => format!("i + {}", self.int_literal()),
            (Kind::Num, 0) => "i * 0.5".to_string(),
            (Kind::Num, 1) => "i / 3".to_string(),
            (Kind::Str, 0) => "'s' + i".to_string(),
            (Kind::Str, 1) => "'abcdef'.slice(i % 4)".to_string(),
            (Kind::Bool, 0) => "i % 3 === 0".to_string(),
            (Kind::Arr, 0) => "[i, i + 1, i * 2]".to_string(),
            (Kind::Arr, 1) => "[i, 0.5]".to_string(),
            (Kind::Arr, 2) => "arrs[i & 3]".to_string(),
            (Kind::Obj, 0 | 1) => "objs[i & 3]".to_string(),
            (Kind::Obj, 2) => "objs[0]".to_string(),
            (Kind::Obj, 3) => "({ x: i, y: i + 1 })".to_string(),
            (Kind::Any, 0) => "i & 1 ? i : 's' + i".to_string(),
            (_, _) => return self.expr(kind, 1),
        };
        Node::expr(text, vec![])
    }

    /// A function called over and over; with one argument that changes its kind on the way in half of the phases.
    fn phase(&mut self, function: &Function) -> Node {
        self.place = Place::Main;
        self.cost = MAX_PHASE_COST;
        let mark = self.vars.len();
        self.declare("i", Kind::Int, false);
        let turns = if function.cost > 400 { self.rng.between(20, 60) } else { self.rng.between(40, 160) };
        let odd = self.rng.chance(60).then(|| self.rng.below(function.params.len()));
        let change = self.rng.between(turns / 3, turns);
        let mut arguments = Vec::new();
        for (i, &kind) in function.params.iter().enumerate() {
            if i == 0 && function.recursive {
                arguments.push(Node::piece("i & 3", vec![]));
                continue;
            }
            let usual = self.argument(kind);
            arguments.push(if odd == Some(i) {
                let other = self.kind();
                let other = self.argument(other);
                let test = if self.rng.chance(70) {
                    format!("i < {change}")
                } else {
                    format!("i % {} !== 1", self.rng.between(2, 9))
                };
                Node::expr(format!("({test} ? @ : @)"), vec![usual, other])
            } else {
                usual
            });
        }
        let statement = self.rng.chance(25).then(|| {
            let test = format!("if (i === {}) {{\n@\n}}", self.rng.below(turns));
            self.cost = 0;
            let statement = self.statement();
            Node::stmt(test, vec![Node::stmts(vec![statement])])
        });
        self.vars.truncate(mark);
        let before = Node::stmts(statement.into_iter().collect());
        let name = &function.name;
        let call = Node::expr(format!("{name}(@)"), vec![Node::list(arguments)]);
        let text = if self.rng.chance(70) {
            format!(
                "{{\nlet s = '';\nfor (let i = 0; i < {turns}; i++) {{\ntry {{\n@\ns += str(@) + ' ';\n}} catch (e) {{ s += err(e) + ' '; }}\n}}\nconsole.log('{name}', s);\n}}"
            )
        } else {
            format!(
                "{{\nlet s = '';\ntry {{\nfor (let i = 0; i < {turns}; i++) {{\n@\ns += str(@) + ' ';\n}}\n}} catch (e) {{ s += err(e); }}\nconsole.log('{name}', s);\n}}"
            )
        };
        Node::stmt(text, vec![before, call])
    }
}

/// Arguments of phases call nothing that costs.
const MAX_PHASE_COST: usize = super::MAX_COST;
