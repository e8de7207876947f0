//! Statements: what changes variables, objects, arrays and prototypes, and what moves control.
//!
//! Every loop carries its own bound. What stands in a loop knows how often it runs, so that the steps of a function can
//! be counted while it is made.

use super::expr::PROPERTIES;
use super::{Gen, Kind, MAX_COST, Place, grows};
use crate::tree::Node;

impl Gen {
    /// A block's statements.
    pub fn block(&mut self, count: usize) -> Node {
        self.scoped(|inner| {
            let statements = (0..count).map(|_| inner.statement()).collect();
            Node::stmts(statements)
        })
    }

    /// A value on its way into a variable: what may double at every turn is cut.
    fn stored(&mut self, value: Node) -> Node {
        if grows(&value) { Node::expr("lim(@)", vec![value]) } else { value }
    }

    fn value(&mut self, kind: Kind) -> Node {
        let value = self.expr(kind, 3);
        self.stored(value)
    }

    pub fn statement(&mut self) -> Node {
        self.cost += self.times;
        let deep = self.nesting > 5 || self.cost > MAX_COST;
        let choice = self.rng.weighted(&[
            14, // 0 declaration
            18, // 1 assignment
            8,  // 2 property store
            8,  // 3 element store
            6,  // 4 array mutation
            10, // 5 if
            12, // 6 loop
            4,  // 7 switch
            6,  // 8 try
            5,  // 9 jump
            4,  // 10 destructuring
            5,  // 11 type change
            4,  // 12 object surgery
            3,  // 13 closure
            2,  // 14 block
            3,  // 15 map and set
            4,  // 16 call as a statement
            2,  // 17 note
        ]);
        match choice {
            0 => self.declaration(),
            1 => self.assignment(),
            2 => self.property_store(),
            3 => self.element_store(),
            4 => self.array_mutation(),
            5 if !deep => self.conditional_statement(),
            6 if !deep => self.loop_statement(),
            7 if !deep => self.switch(),
            8 if !deep => self.try_statement(),
            9 => self.jump(),
            10 => self.destructuring(),
            11 => self.type_change(),
            12 => self.surgery(),
            13 => {
                let closure = self.closure();
                let name = self.fresh("f");
                self.declare(&name, Kind::Func, false);
                Node::stmt(format!("const {name} = @;"), vec![closure])
            }
            14 if !deep => {
                let block = self.block(2);
                Node::stmt("{\n@\n}", vec![block])
            }
            15 => self.collection(),
            16 => {
                let kind = self.kind();
                let value = self.expr(kind, 3);
                Node::stmt("void @;", vec![Node::expr("(@)", vec![value])])
            }
            17 => {
                let value = self.expr(Kind::Any, 2);
                Node::stmt("note(@);", vec![value])
            }
            _ => self.assignment(),
        }
    }

    pub fn declaration(&mut self) -> Node {
        let kind = self.kind();
        let value = self.value(kind);
        let name = self.fresh("v");
        let assignable = self.rng.chance(85);
        self.declare(&name, kind, assignable);
        Node::stmt(format!("{} {name} = @;", if assignable { "let" } else { "const" }), vec![value])
    }

    fn assignment(&mut self) -> Node {
        let kind = self.kind();
        let Some(name) = self.var(kind, true) else { return self.declaration() };
        if self.rng.chance(45) && matches!(kind, Kind::Int | Kind::Num) {
            let op = self.rng.pick(&["-=", "*=", "|=", "^=", ">>=", "/=", "%="]);
            let value = self.expr(kind, 2);
            if self.rng.chance(60) {
                return Node::stmt(format!("{name} = lim({name} + @);"), vec![value]);
            }
            return Node::stmt(format!("{name} {op} @;"), vec![value]);
        }
        if self.rng.chance(8) {
            let op = self.rng.pick(&["&&=", "||=", "??="]);
            let value = self.value(kind);
            return Node::stmt(format!("{name} {op} @;"), vec![value]);
        }
        if kind == Kind::Str && self.rng.chance(50) {
            let value = self.expr(Kind::Str, 2);
            return Node::stmt(format!("{name} = lim({name} + @);"), vec![value]);
        }
        let value = self.value(kind);
        Node::stmt(format!("{name} = @;"), vec![value])
    }

    fn object_name(&mut self) -> Node {
        let this = matches!(self.place, Place::Method(_)) && self.rng.chance(60);
        if this {
            return Node::expr("this", vec![]);
        }
        match self.var(Kind::Obj, false) {
            Some(name) if self.rng.chance(60) => Node::expr(name, vec![]),
            Some(_) | None => {
                let index = self.expr(Kind::Int, 1);
                Node::expr("objs[@ & 3]", vec![index])
            }
        }
    }

    fn property_store(&mut self) -> Node {
        let object = self.object_name();
        let name = if self.rng.chance(8) { "acc" } else { self.rng.pick(PROPERTIES) }.to_string();
        if self.rng.chance(20) {
            let op = self.rng.pick(&["-=", "*=", "|=", "^="]);
            let value = self.expr(Kind::Int, 2);
            return Node::stmt(format!("@.{name} {op} @;"), vec![object, value]);
        }
        if self.rng.chance(15) {
            return Node::stmt(format!("@.{name}++;"), vec![object]);
        }
        let value = self.element_value(2);
        let value = self.stored(value);
        if self.rng.chance(10) {
            let key = self.expr(Kind::Str, 1);
            return Node::stmt("@[@] = @;", vec![object, key, value]);
        }
        Node::stmt(format!("@.{name} = @;"), vec![object, value])
    }

    fn array_name(&mut self) -> Node {
        match self.var(Kind::Arr, false) {
            Some(name) if self.rng.chance(70) => Node::expr(name, vec![]),
            Some(_) | None => {
                let index = self.expr(Kind::Int, 1);
                Node::expr("arrs[@ & 3]", vec![index])
            }
        }
    }

    fn element_store(&mut self) -> Node {
        let array = self.array_name();
        let value = self.element_value(2);
        let value = self.stored(value);
        let index = self.expr(Kind::Int, 1);
        match self.rng.below(10) {
            0 => {
                // Past the end, by a little: a hole, or an append.
                let gap = self.rng.below(3);
                let length = array.clone();
                Node::stmt(format!("@[@.length + {gap}] = @;"), vec![array, length, value])
            }
            1 => Node::stmt("@[@ & 15] -= @;", vec![array, index, value]),
            2 => Node::stmt("@[@ & 7]++;", vec![array, index]),
            _ => Node::stmt("@[@ & 7] = @;", vec![array, index, value]),
        }
    }

    fn array_mutation(&mut self) -> Node {
        let array = self.array_name();
        let value = self.element_value(1);
        let value = self.stored(value);
        match self.rng.below(16) {
            0..5 => Node::stmt("@.push(@);", vec![array, value]),
            5 | 6 => Node::stmt("@.pop();", vec![array]),
            7 => Node::stmt("@.shift();", vec![array]),
            8 => Node::stmt("@.unshift(@);", vec![array, value]),
            9 => Node::stmt("@.length = @ & 7;", vec![array, self.expr(Kind::Int, 1)]),
            10 => Node::stmt("@.splice(@, 1);", vec![array, self.expr(Kind::Int, 1)]),
            11 => Node::stmt("delete @[@ & 3];", vec![array, self.expr(Kind::Int, 1)]),
            12 => Node::stmt("@.reverse();", vec![array]),
            13 => Node::stmt("@.sort();", vec![array]),
            14 => Node::stmt("@.sort((a, b) => a - b);", vec![array]),
            _ => Node::stmt("@.forEach(@);", vec![array, self.closure()]),
        }
    }

    fn conditional_statement(&mut self) -> Node {
        let test = self.expr(Kind::Bool, 2);
        let then_count = self.rng.between(1, 2);
        let then = self.block(then_count);
        if self.rng.chance(50) {
            return Node::stmt("if (@) {\n@\n}", vec![test, then]);
        }
        let other = self.block(then_count);
        Node::stmt("if (@) {\n@\n} else {\n@\n}", vec![test, then, other])
    }

    /// The inside of a loop that turns up to `turns` times.
    fn loop_body(&mut self, turns: usize, label: Option<String>) -> Node {
        let times = self.times;
        self.times *= turns;
        self.loops.push(label);
        let before = std::mem::replace(&mut self.in_switch, false);
        let finally = std::mem::replace(&mut self.in_finally, false);
        let count = self.rng.between(1, 4);
        let block = self.block(count);
        self.in_finally = finally;
        self.in_switch = before;
        self.loops.pop();
        self.times = times;
        block
    }

    fn loop_statement(&mut self) -> Node {
        let most = (MAX_COST / (self.cost + 4 * self.times)).min(40);
        if most < 2 {
            return self.assignment();
        }
        let turns = self.rng.between(1, most);
        let label = self.rng.chance(25).then(|| self.fresh("l"));
        let head = label.as_ref().map_or(String::new(), |label| format!("{label}: "));
        let name = self.fresh("i");
        let mark = self.vars.len();
        let made = match self.rng.below(16) {
            0..5 => {
                let kind = self.rng.pick(&["let", "let", "let", "var"]).to_string();
                self.declare(&name, Kind::Int, false);
                let body = self.loop_body(turns, label);
                Node::stmt(format!("{head}for ({kind} {name} = 0; {name} < {turns}; {name}++) {{\n@\n}}"), vec![body])
            }
            5 => {
                self.declare(&name, Kind::Int, false);
                let body = self.loop_body(turns, label);
                Node::stmt(format!("{head}for (let {name} = {turns}; {name}-- > 0;) {{\n@\n}}"), vec![body])
            }
            6 => {
                let start = self.rng.pick(&["0x7ffffff0", "(-0x7ffffff8)", "0.5", "(-3)", "1e15"]).to_string();
                let step = self.rng.pick(&["1", "3", "0.5", "7"]).to_string();
                self.declare(&name, Kind::Num, false);
                let body = self.loop_body(turns, label);
                let guard = self.fresh("n");
                let text = format!(
                    "{head}for (let {name} = {start}, {guard} = 0; {guard} < {turns}; {guard}++, {name} += {step}) {{\n@\n}}"
                );
                Node::stmt(text, vec![body])
            }
            7 => {
                let array = self.array_name();
                self.declare(&name, Kind::Int, false);
                let body = self.loop_body(turns.min(8), label);
                let text = format!("{head}for (let {name} = 0; {name} < @.length && {name} < 24; {name}++) {{\n@\n}}");
                Node::stmt(text, vec![array, body])
            }
            8 | 9 => {
                let guard = self.fresh("n");
                let array = if self.rng.chance(70) { self.array_name() } else { self.expr(Kind::Arr, 2) };
                let kind = self.scalar_kind();
                self.declare(&name, kind, false);
                let body = self.loop_body(turns.min(8), label);
                let text =
                    format!("let {guard} = 0;\n{head}for (const {name} of @) {{\nif (++{guard} > 12) break;\n@\n}}");
                Node::stmt(text, vec![array, body])
            }
            10 => {
                let text = self.expr(Kind::Str, 2);
                self.declare(&name, Kind::Str, false);
                let body = self.loop_body(turns.min(8), label);
                Node::stmt(
                    format!("{head}for (const {name} of @) {{\n@\n}}"),
                    vec![Node::expr("lim(`${@}`).toString()", vec![text]), body],
                )
            }
            11 => {
                let object = self.expr(Kind::Obj, 2);
                self.declare(&name, Kind::Str, false);
                let body = self.loop_body(turns.min(4), label);
                Node::stmt(format!("{head}for (const {name} in @) {{\n@\n}}"), vec![object, body])
            }
            12 => {
                let other = self.fresh("v");
                let guard = self.fresh("n");
                self.declare(&name, Kind::Any, false);
                self.declare(&other, Kind::Any, true);
                let body = self.loop_body(turns.min(8), label);
                let text = format!(
                    "let {guard} = 0;\n{head}for (let [{name}, {other}] of map) {{\nif (++{guard} > 12) break;\n@\n}}"
                );
                Node::stmt(text, vec![body])
            }
            13 => {
                let test = self.expr(Kind::Bool, 2);
                let body = self.loop_body(turns, label);
                Node::stmt(
                    format!("let {name} = 0;\n{head}while ({name}++ < {turns} && @) {{\n@\n}}"),
                    vec![test, body],
                )
            }
            14 => {
                let test = self.expr(Kind::Bool, 2);
                let body = self.loop_body(turns, label);
                Node::stmt(
                    format!("let {name} = 0;\n{head}do {{\n@\n}} while (++{name} < {turns} && @);"),
                    vec![body, test],
                )
            }
            _ => {
                let fns = self.fresh("fs");
                self.declare(&name, Kind::Int, true);
                let closure = self.closure();
                let body = self.loop_body(turns.min(10), label);
                let turns = turns.min(10);
                let text = format!(
                    "const {fns} = [];\n{head}for (let {name} = 0, n{name} = 0; n{name} < {turns}; n{name}++, {name}++) {{\n{fns}.push(() => {name}++, @);\n@\n}}\nfor (const f of {fns}) note(f(1, 2));"
                );
                self.cost += turns * 20 * self.times;
                Node::stmt(text, vec![closure, body])
            }
        };
        self.vars.truncate(mark);
        made
    }

    fn switch(&mut self) -> Node {
        let kind = if self.rng.chance(70) { Kind::Int } else { Kind::Str };
        let mut value = self.expr(kind, 2);
        if kind == Kind::Int && self.rng.chance(60) {
            value = Node::expr("(@ & 3)", vec![value]);
        }
        let count = self.rng.between(2, 5);
        let default = self.rng.below(count + 1);
        let before = std::mem::replace(&mut self.in_switch, true);
        let cases = (0..count)
            .map(|i| {
                let body = self.block(1);
                let end = if self.rng.chance(60) { "break;" } else { "" };
                if i == default {
                    return Node::piece(format!("default: {{\n@\n}}\n{end}"), vec![body]);
                }
                let label = if kind == Kind::Int && self.rng.chance(80) {
                    Node::piece(i.to_string(), vec![])
                } else {
                    self.expr(kind, 1)
                };
                Node::piece(format!("case @: {{\n@\n}}\n{end}"), vec![label, body])
            })
            .collect();
        self.in_switch = before;
        Node::stmt("switch (@) {\n@\n}", vec![value, Node::lines(cases)])
    }

    fn try_statement(&mut self) -> Node {
        let count = self.rng.between(1, 3);
        let body = self.block(count);
        let name = self.fresh("e");
        let handler = self.scoped(|inner| {
            inner.declare(&name, Kind::Any, true);
            inner.block(1)
        });
        match self.rng.below(4) {
            0 => {
                let finally = self.finally_block();
                Node::stmt("try {\n@\n} finally {\n@\n}", vec![body, finally])
            }
            1 => {
                let finally = self.finally_block();
                Node::stmt(
                    format!("try {{\n@\n}} catch ({name}) {{\n{name} = err({name});\n@\n}} finally {{\n@\n}}"),
                    vec![body, handler, finally],
                )
            }
            2 => Node::stmt(format!("try {{\n@\n}} catch ({name}) {{\nnote(err({name}));\n@\n}}"), vec![body, handler]),
            _ => Node::stmt(format!("try {{\n@\n}} catch ({name}) {{\n@\n}}"), vec![body, handler]),
        }
    }

    fn finally_block(&mut self) -> Node {
        let before = std::mem::replace(&mut self.in_finally, true);
        let block = self.block(1);
        self.in_finally = before;
        block
    }

    /// Leaves something: a loop, the function, or all of it by an exception. Mostly under a condition.
    fn jump(&mut self) -> Node {
        let mut kinds: Vec<&str> = Vec::new();
        if !self.loops.is_empty() {
            kinds.extend(["break", "continue", "label"]);
        }
        if self.place != Place::Main && !self.in_finally {
            kinds.extend(["throw", "return"]);
        }
        if self.place != Place::Main && self.in_finally && self.rng.chance(20) {
            kinds.push("return");
        }
        if kinds.is_empty() {
            return self.assignment();
        }
        let jump = match self.rng.pick(&kinds) {
            "break" => Node::stmt("break;", vec![]),
            "continue" => Node::stmt("continue;", vec![]),
            "label" => {
                let labels: Vec<String> = self.loops.iter().flatten().cloned().collect();
                if labels.is_empty() {
                    Node::stmt("continue;", vec![])
                } else {
                    let label = &labels[self.rng.below(labels.len())];
                    let word = self.rng.pick(&["break", "continue"]);
                    Node::stmt(format!("{word} {label};"), vec![])
                }
            }
            "throw" => {
                if self.rng.chance(70) {
                    let class = self.rng.pick(&["Error", "TypeError", "RangeError"]).to_string();
                    let value = self.expr(Kind::Int, 1);
                    Node::stmt(format!("throw new {class}('#' + @);"), vec![value])
                } else {
                    let kind = self.scalar_kind();
                    let value = self.expr(kind, 1);
                    Node::stmt("throw @;", vec![value])
                }
            }
            _ => {
                let kind = self.kind();
                let value = self.expr(kind, 2);
                Node::stmt("return @;", vec![value])
            }
        };
        if self.rng.chance(10) {
            return jump;
        }
        let test = match (self.rng.chance(50), self.var(Kind::Int, false)) {
            (true, Some(name)) => Node::expr(format!("({name} === {})", self.rng.below(40)), vec![]),
            (_, _) => self.expr(Kind::Bool, 2),
        };
        Node::stmt("if (@) {\n@\n}", vec![test, Node::stmts(vec![jump])])
    }

    fn destructuring(&mut self) -> Node {
        let (a, b, rest) = (self.fresh("v"), self.fresh("v"), self.fresh("r"));
        let (p, q) = (self.rng.pick(PROPERTIES).to_string(), self.rng.pick(PROPERTIES).to_string());
        let default = self.expr(Kind::Int, 1);
        match self.rng.below(6) {
            0 | 1 => {
                let object = self.expr(Kind::Obj, 2);
                self.declare(&a, Kind::Int, true);
                self.declare(&b, Kind::Int, true);
                Node::stmt(format!("let {{ {p}: {a}, {q}: {b} = @ }} = @;"), vec![default, object])
            }
            2 => {
                let object = self.expr(Kind::Obj, 2);
                self.declare(&a, Kind::Int, true);
                self.declare(&rest, Kind::Obj, true);
                Node::stmt(format!("let {{ {p}: {a} = @, ...{rest} }} = @;"), vec![default, object])
            }
            3 => {
                let array = self.expr(Kind::Arr, 2);
                self.declare(&a, Kind::Int, true);
                self.declare(&rest, Kind::Arr, true);
                Node::stmt(format!("let [{a} = @, ...{rest}] = @;"), vec![default, array])
            }
            4 => match (self.var(Kind::Int, true), self.var(Kind::Int, true)) {
                (Some(one), Some(two)) => Node::stmt(format!("[{one}, {two}] = [{two}, {one}];"), vec![]),
                (_, _) => self.declaration(),
            },
            _ => {
                let array = self.expr(Kind::Arr, 2);
                self.declare(&a, Kind::Int, true);
                self.declare(&b, Kind::Int, true);
                Node::stmt(format!("let [{a}, , {b} = @] = @;"), vec![default, array])
            }
        }
    }

    /// A variable becomes something else at one turn of a loop, or under a condition.
    fn type_change(&mut self) -> Node {
        let kind = self.kind();
        let Some(name) = self.var(kind, true) else { return self.declaration() };
        let other = self.kind();
        let value = self.value(other);
        let test = match self.var(Kind::Int, false) {
            Some(counter) => Node::expr(format!("({counter} === {})", self.rng.below(30)), vec![]),
            None => self.expr(Kind::Bool, 1),
        };
        Node::stmt(format!("if (@) {{\n{name} = @;\n}}"), vec![test, value])
    }

    /// What invalidates: prototypes, methods, accessors, deleted properties.
    fn surgery(&mut self) -> Node {
        let object = self.object_name();
        let property = self.rng.pick(PROPERTIES).to_string();
        let number = self.rng.below(3);
        let act = match self.rng.below(14) {
            0 | 1 => Node::stmt(format!("delete @.{property};"), vec![object]),
            2..6 => match self.method_home() {
                Some(class) => {
                    let body = self.method_body(number);
                    Node::stmt(format!("{class}.prototype.m{number} = function (a, b) {{\n@\n}};"), vec![body])
                }
                None => return self.property_store(),
            },
            6 => {
                let value = self.body(Place::Leaf, |inner| inner.expr(Kind::Int, 1));
                let text =
                    format!("Object.defineProperty(@, '{property}', {{ get() {{ return @; }}, configurable: true }});");
                Node::stmt(text, vec![object, value])
            }
            7 => {
                let value = self.element_value(1);
                let text = format!(
                    "Object.defineProperty(@, '{property}', {{ value: @, writable: true, configurable: true }});"
                );
                Node::stmt(text, vec![object, value])
            }
            8 => match self.method_home() {
                Some(class) => {
                    let value = self.element_value(1);
                    Node::stmt(format!("{class}.prototype.{property} = @;"), vec![value])
                }
                None => return self.property_store(),
            },
            9 => match self.method_home() {
                Some(class) => {
                    let home = self.fresh("o");
                    self.declare(&home, Kind::Obj, true);
                    return Node::stmt(format!("let {home} = Object.create({class}.prototype);"), vec![]);
                }
                None => return self.property_store(),
            },
            10 => {
                let body = self.method_body(number);
                Node::stmt(format!("@.m{number} = function (a, b) {{\n@\n}};"), vec![object, body])
            }
            11 => Node::stmt(format!("delete @.m{number};"), vec![object]),
            12 => {
                let index = self.rng.below(4);
                let value = self.object_name();
                Node::stmt(format!("objs[{index}] = @;"), vec![value])
            }
            _ => {
                let index = self.rng.below(4);
                Node::stmt(format!("arrs[{index}] = @;"), vec![self.expr(Kind::Arr, 2)])
            }
        };
        if self.rng.chance(30) {
            return act;
        }
        let test = match self.var(Kind::Int, false) {
            Some(counter) => Node::expr(format!("({counter} === {})", self.rng.below(30)), vec![]),
            None => self.expr(Kind::Bool, 1),
        };
        Node::stmt("if (@) {\n@\n}", vec![test, Node::stmts(vec![act])])
    }

    fn method_home(&mut self) -> Option<String> {
        let count = self.classes.len();
        (count > 0).then(|| self.classes[self.rng.below(count)].clone())
    }

    fn collection(&mut self) -> Node {
        // Closures change no map: one that runs inside `forEach` could keep it going for ever.
        if self.place == Place::Leaf {
            return self.assignment();
        }
        let kind = self.scalar_kind();
        let key = if self.rng.chance(60) { self.expr(Kind::Int, 1) } else { self.leaf_key(kind) };
        let value = self.element_value(1);
        let value = self.stored(value);
        match self.rng.below(8) {
            0 | 1 => Node::stmt("map.set(@ & 7, @);", vec![key, value]),
            2 => Node::stmt("map.delete(@);", vec![key]),
            3 => Node::stmt("set.add(@ & 15);", vec![key]),
            4 => Node::stmt("note(map.get(@));", vec![key]),
            5 => Node::stmt("note(set.has(@));", vec![key]),
            6 => Node::stmt("map.set(@, @); if (map.size > 20) map.clear();", vec![key, value]),
            _ => Node::stmt("map.forEach(@);", vec![self.closure()]),
        }
    }

    fn leaf_key(&mut self, kind: Kind) -> Node {
        self.expr(kind, 0)
    }
}
