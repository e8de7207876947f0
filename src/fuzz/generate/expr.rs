//! Expressions, by the kind of value they usually have.

use super::{Gen, Kind, MAX_COST, Place, receiver, stored};
use crate::tree::Node;

/// Names of properties; few, so that shapes meet.
pub const PROPERTIES: &[&str] = &["x", "y", "z", "w", "p", "q"];

impl Gen {
    pub fn expr(&mut self, kind: Kind, depth: usize) -> Node {
        self.cost += self.times;
        let kind = if self.rng.below(200) < 3 { self.scalar_kind() } else { kind };
        if depth == 0 {
            return self.leaf(kind);
        }
        if self.rng.chance(22)
            && let Some(name) = self.var(kind, false)
        {
            return Node::expr(name, vec![]);
        }
        match self.rng.below(24) {
            0 => return self.conditional(kind, depth),
            1..=3 => {
                if let Some(call) = self.call(kind, depth) {
                    return call;
                }
            }
            4 => {
                if let Some(call) = self.method_call(depth) {
                    return call;
                }
            }
            _ => {}
        }
        match kind {
            Kind::Int => self.int(depth - 1),
            Kind::Num => self.num(depth - 1),
            Kind::Str => self.string(depth - 1),
            Kind::Bool => self.boolean(depth - 1),
            Kind::Arr => self.array(depth - 1),
            Kind::Obj => self.object(depth - 1),
            Kind::Func => self.closure(),
            Kind::Any => self.any(depth - 1),
        }
    }

    fn two(&mut self, template: &str, kind: Kind, depth: usize) -> Node {
        let children = vec![self.expr(kind, depth), self.expr(kind, depth)];
        Node::expr(template, children)
    }

    fn one(&mut self, template: &str, kind: Kind, depth: usize) -> Node {
        let child = self.expr(kind, depth);
        Node::expr(template, vec![child])
    }

    /// A member of an expression of this kind, with an argument of another.
    fn member(&mut self, kind: Kind, template: &str, argument: Kind, depth: usize) -> Node {
        let object = self.expr(kind, depth);
        let argument = self.expr(argument, depth);
        Node::expr(template, vec![receiver(object), argument])
    }

    fn of(&mut self, kind: Kind, template: &str, depth: usize) -> Node {
        let object = self.expr(kind, depth);
        Node::expr(template, vec![receiver(object)])
    }

    fn leaf(&mut self, kind: Kind) -> Node {
        if self.rng.chance(65)
            && let Some(name) = self.var(kind, false)
        {
            return Node::expr(name, vec![]);
        }
        let text = match kind {
            Kind::Int => self.int_literal(),
            Kind::Num => self
                .rng
                .pick(&[
                    "0.5",
                    "1.5",
                    "(-0)",
                    "NaN",
                    "Infinity",
                    "(-Infinity)",
                    "1e21",
                    "4294967296",
                    "9007199254740991",
                    "2147483648",
                    "(-2147483649)",
                    "0.1",
                    "1e-7",
                    "5e-324",
                    "(-1.5)",
                    "3",
                    "100",
                    "1.7976931348623157e308",
                ])
                .to_string(),
            Kind::Str => self
                .rng
                .pick(&["''", "'a'", "'b'", "'abc'", "'10'", "'-0'", "'x'", "'length'", "'é'", "'😀'", "' 7 '", "'0'"])
                .to_string(),
            Kind::Bool => self.rng.pick(&["true", "false"]).to_string(),
            Kind::Arr => self
                .rng
                .pick(&[
                    "[]",
                    "[1, 2, 3]",
                    "[1.5, 2.5]",
                    "['a', 'b']",
                    "[1, , 3]",
                    "[undefined, null, 0]",
                    "[0, 1.5, 'c', {}]",
                ])
                .to_string(),
            Kind::Obj => self
                .rng
                .pick(&[
                    "({})",
                    "({ x: 1, y: 2 })",
                    "({ y: 2, x: 1 })",
                    "({ x: 1.5 })",
                    "({ x: 'a', z: 0 })",
                    "({ valueOf() { return 7; } })",
                    "({ toString() { return 's'; } })",
                    "Object.create(null)",
                ])
                .to_string(),
            Kind::Func => self
                .rng
                .pick(&["((a) => a)", "((a, b) => (a | 0) - b)", "(function (a) { return typeof a; })"])
                .to_string(),
            Kind::Any => self.rng.pick(&["undefined", "null", "0", "''", "1.5", "true", "NaN"]).to_string(),
        };
        Node::expr(text, vec![])
    }

    pub fn int_literal(&mut self) -> String {
        if self.rng.chance(50) {
            return self.rng.below(10).to_string();
        }
        self.rng
            .pick(&[
                "(-1)",
                "(-2)",
                "31",
                "32",
                "33",
                "63",
                "255",
                "256",
                "65535",
                "65536",
                "46341",
                "0x7fffffff",
                "(-0x80000000)",
                "0x40000000",
                "(-0x40000000)",
                "(-0x7fffffff)",
                "12345",
                "(-7)",
                "16",
                "1000003",
            ])
            .to_string()
    }

    fn conditional(&mut self, kind: Kind, depth: usize) -> Node {
        let test = self.expr(Kind::Bool, depth - 1);
        let children = vec![test, self.expr(kind, depth - 1), self.expr(kind, depth - 1)];
        Node::expr("(@ ? @ : @)", children)
    }

    fn int(&mut self, depth: usize) -> Node {
        match self.rng.below(30) {
            0..10 => {
                let op =
                    self.rng.pick(&["+", "+", "+", "-", "-", "*", "*", "%", "&", "|", "^", "<<", ">>", ">>>", "/"]);
                self.two(&format!("(@ {op} @)"), Kind::Int, depth)
            }
            10 => self.one("(@ | 0)", Kind::Num, depth),
            11 => self.one("(~@)", Kind::Int, depth),
            12 => self.one("(-@)", Kind::Int, depth),
            13 => self.two("Math.imul(@, @)", Kind::Int, depth),
            14 | 15 => self.of(Kind::Arr, "@.length", depth),
            16 => self.of(Kind::Str, "@.length", depth),
            17 => self.member(Kind::Str, "@.charCodeAt(@)", Kind::Int, depth),
            18 | 19 => self.update(),
            20 | 21 => self.property(depth),
            22 | 23 => self.element(depth),
            24 => self.member(Kind::Arr, "@.indexOf(@)", Kind::Int, depth),
            25 => {
                let template = self.rng.pick(&[
                    "Math.floor(@)",
                    "Math.round(@)",
                    "Math.trunc(@)",
                    "Math.ceil(@)",
                    "Math.sign(@)",
                    "Math.clz32(@)",
                    "(@ >>> 0)",
                ]);
                self.one(template, Kind::Num, depth)
            }
            26 => self.two("Math.max(@, @)", Kind::Int, depth),
            27 => self.two("Math.min(@, @)", Kind::Int, depth),
            28 => self.one("Math.abs(@)", Kind::Int, depth),
            _ => self.two("((@ * @) | 0)", Kind::Int, depth),
        }
    }

    fn num(&mut self, depth: usize) -> Node {
        match self.rng.below(20) {
            0..8 => {
                let op = self.rng.pick(&["+", "+", "-", "*", "/", "/", "%"]);
                self.two(&format!("(@ {op} @)"), Kind::Num, depth)
            }
            8 => self.one("(-@)", Kind::Num, depth),
            9 => self.one("(+@)", Kind::Any, depth),
            10 => self.one("Math.sqrt(@)", Kind::Num, depth),
            11 => {
                let template = self.rng.pick(&[
                    "Math.max(@, @)",
                    "Math.min(@, @)",
                    "(@ ** @)",
                    "Math.atan2(@, @)",
                    "Math.hypot(@, @)",
                ]);
                self.two(template, Kind::Num, depth)
            }
            12 => {
                let template = self.rng.pick(&[
                    "Math.abs(@)",
                    "Math.round(@)",
                    "Math.fround(@)",
                    "Math.floor(@)",
                    "Math.ceil(@)",
                    "Math.cbrt(@)",
                    "Math.sin(@)",
                    "Math.exp(@)",
                    "Math.log(@)",
                    "Math.trunc(@)",
                ]);
                self.one(template, Kind::Num, depth)
            }
            13 => {
                let template = self.rng.pick(&["Number(@)", "parseInt(@)", "parseFloat(@)", "(@ - 0)"]);
                self.one(template, Kind::Str, depth)
            }
            14 => self.property(depth),
            15 => self.element(depth),
            16 => self.update(),
            17 => self.one("(@ / 2)", Kind::Int, depth),
            18 => self.one("(@ * 0.5)", Kind::Int, depth),
            _ => self.expr(Kind::Int, depth),
        }
    }

    fn string(&mut self, depth: usize) -> Node {
        match self.rng.below(20) {
            0..4 => self.two("(@ + @)", Kind::Str, depth),
            4 => {
                let children = vec![self.expr(Kind::Str, depth), self.expr(Kind::Int, depth)];
                Node::expr("(@ + @)", children)
            }
            5 | 6 => {
                let children = vec![self.expr(Kind::Any, depth), self.expr(Kind::Int, depth)];
                Node::expr("`${@}-${@}`", children)
            }
            7 => {
                let text = self
                    .rng
                    .pick(&["@.slice(@)", "@.charAt(@)", "@.substring(@)", "@.slice(0, @)", "@.at(@)"])
                    .to_string();
                self.member(Kind::Str, &text, Kind::Int, depth)
            }
            8 => self.member(Kind::Str, "@[@]", Kind::Int, depth),
            9 => {
                let text = self
                    .rng
                    .pick(&["@.toUpperCase()", "@.trim()", "@.toLowerCase()", "@.split('').reverse().join('')"])
                    .to_string();
                self.of(Kind::Str, &text, depth)
            }
            10 => self.one("(typeof @)", Kind::Any, depth),
            11 => self.one("String(@)", Kind::Any, depth),
            12 => self.of(Kind::Arr, "@.join()", depth),
            13 => self.one("(+@).toFixed(2)", Kind::Num, depth),
            14 => self.one("(@ | 0).toString(16)", Kind::Int, depth),
            15 => self.of(Kind::Str, "@.padStart(4, '*')", depth),
            16 => self.member(Kind::Str, "@.concat(@)", Kind::Any, depth),
            17 => self.of(Kind::Str, "@.repeat(2)", depth),
            18 => {
                let children = vec![self.expr(Kind::Obj, depth)];
                Node::expr("Object.keys(@).join('')", children)
            }
            _ => {
                let property = self.property(depth);
                Node::expr("('' + @)", vec![property])
            }
        }
    }

    fn boolean(&mut self, depth: usize) -> Node {
        match self.rng.below(16) {
            0..6 => {
                let op = self.rng.pick(&["<", "<=", ">", ">=", "===", "!==", "==", "!="]);
                let kind = match self.rng.below(8) {
                    0 => Kind::Str,
                    1 => Kind::Num,
                    2 => Kind::Any,
                    _ => Kind::Int,
                };
                self.two(&format!("(@ {op} @)"), kind, depth)
            }
            6 => self.one("(!@)", Kind::Any, depth),
            7 => self.two("(@ && @)", Kind::Bool, depth),
            8 => self.two("(@ || @)", Kind::Bool, depth),
            9 => {
                let property = format!("('{}' in @)", self.rng.pick(PROPERTIES));
                let object = self.object(depth);
                Node::expr(property, vec![object])
            }
            10 => match self.class_name() {
                Some(class) => {
                    let object = self.expr(Kind::Obj, depth);
                    Node::expr(format!("(@ instanceof {class})"), vec![object])
                }
                None => self.one("Array.isArray(@)", Kind::Any, depth),
            },
            11 => {
                let template =
                    self.rng.pick(&["Number.isInteger(@)", "isNaN(@)", "Boolean(@)", "Number.isSafeInteger(@)"]);
                self.one(template, Kind::Num, depth)
            }
            12 => self.two("Object.is(@, @)", Kind::Num, depth),
            13 => self.member(Kind::Str, "@.includes(@)", Kind::Str, depth),
            14 => {
                let text = format!(
                    "(typeof @ === '{}')",
                    self.rng.pick(&["number", "string", "object", "undefined", "function"])
                );
                self.one(&text, Kind::Any, depth)
            }
            _ => self.one("((@ & 1) === 0)", Kind::Int, depth),
        }
    }

    /// An element of an array: no array, since arrays of arrays of arrays take exponential time to become text.
    pub fn element_value(&mut self, depth: usize) -> Node {
        let kind = self.scalar_kind();
        let value = match kind {
            Kind::Int => self.int(depth.min(1)),
            Kind::Num => self.num(depth.min(1)),
            Kind::Str => self.string(depth.min(1)),
            Kind::Bool => self.boolean(depth.min(1)),
            Kind::Obj | Kind::Arr | Kind::Func | Kind::Any => self.leaf(Kind::Any),
        };
        stored(value)
    }

    fn array(&mut self, depth: usize) -> Node {
        match self.rng.below(16) {
            0..4 => {
                let count = self.rng.below(5);
                let kind = self.scalar_kind();
                let elements = (0..count)
                    .map(|_| match self.rng.below(14) {
                        0 => Node::expr("", vec![]),
                        1 if kind == Kind::Int => self.leaf(Kind::Num),
                        _ => self.leaf(kind),
                    })
                    .collect();
                Node::expr("[@]", vec![Node::list(elements)])
            }
            4 => {
                let parts = vec![self.expr(Kind::Arr, depth), self.element_value(depth)];
                Node::expr("[...@, @].slice(0, 12)", parts)
            }
            5 => {
                let text = self
                    .rng
                    .pick(&[
                        "@.slice(@)",
                        "@.slice(0, @)",
                        "@.concat([@]).slice(0, 12)",
                        "@.fill(@)",
                        "@.concat(@).slice(0, 12)",
                    ])
                    .to_string();
                self.member(Kind::Arr, &text, Kind::Int, depth)
            }
            6 | 7 => {
                let text = self.rng.pick(&["@.map(@)", "@.filter(@)", "@.map(@)", "Array.from(@, @)"]).to_string();
                self.member(Kind::Arr, &text, Kind::Func, depth)
            }
            8 => {
                let text = self.rng.pick(&["@.reverse()", "@.slice()", "@.toString().split(',')"]).to_string();
                self.of(Kind::Arr, &text, depth)
            }
            9 => self.one("Object.keys(@)", Kind::Obj, depth),
            10 => self.one("Object.values(@)", Kind::Obj, depth),
            11 => self.one("new Array(@ & 7).fill(0)", Kind::Int, depth),
            12 => self.of(Kind::Str, "@.split('')", depth),
            13 => self.one("[...@]", Kind::Str, depth),
            14 => self.one("arrs[@ & 3]", Kind::Int, depth),
            _ => {
                let text = self.rng.pick(&["[@, @]", "[@, @, 0.5]", "[@, , @]"]);
                self.two(text, Kind::Int, 0)
            }
        }
    }

    fn object(&mut self, depth: usize) -> Node {
        match self.rng.below(14) {
            0..4 => {
                let count = self.rng.below(4);
                let members = (0..count).map(|_| self.literal_member(depth)).collect();
                Node::expr("({ @ })", vec![Node::list(members)])
            }
            4..8 => match self.class_name() {
                Some(class) => {
                    let kind = self.scalar_kind();
                    let arguments = vec![self.expr(kind, depth), self.expr(Kind::Int, depth)];
                    Node::expr(format!("new {class}(@)"), vec![Node::list(arguments)])
                }
                None => self.leaf(Kind::Obj),
            },
            8..11 => self.one("objs[@ & 3]", Kind::Int, depth),
            11 => self.one("Object.create(@)", Kind::Obj, depth),
            12 => {
                let value = self.expr(Kind::Obj, depth);
                let member = self.literal_member(depth);
                Node::expr("({ ...@, @ })", vec![value, member])
            }
            _ => self.two("Object.assign(@, @)", Kind::Obj, depth),
        }
    }

    fn literal_member(&mut self, depth: usize) -> Node {
        let name = self.rng.pick(PROPERTIES).to_string();
        match self.rng.below(12) {
            0 => {
                let body = self.body(Place::Leaf, |inner| inner.expr(Kind::Int, 1));
                Node::piece(format!("get {name}() {{ return @; }}"), vec![body])
            }
            1 => {
                let key = self.expr(Kind::Str, depth.min(1));
                Node::piece("[@]: 1", vec![key])
            }
            2 => {
                let number = self.rng.below(3);
                let body = self.method_body(number);
                Node::piece(format!("m{number}(a, b) {{\n@\n}}"), vec![body])
            }
            _ => {
                let value = self.element_value(depth);
                Node::piece(format!("{name}: @"), vec![value])
            }
        }
    }

    /// Something that may be anything.
    fn any(&mut self, depth: usize) -> Node {
        match self.rng.below(12) {
            0 | 1 => self.property(depth),
            2 | 3 => self.element(depth),
            4 => self.two("(@ || @)", Kind::Any, depth),
            5 => self.two("(@ && @)", Kind::Any, depth),
            6 => self.two("(@ ?? @)", Kind::Any, depth),
            7 => {
                let object = receiver(self.leaf(Kind::Any));
                Node::expr(format!("@?.{}", self.rng.pick(PROPERTIES)), vec![object])
            }
            8 => self.update(),
            9 => self.of(Kind::Arr, "@.pop()", depth),
            10 => {
                let text = self
                    .rng
                    .pick(&["@.reduce(@, 0)", "@.find(@)", "@.some(@)", "@.findIndex(@)", "@.every(@)"])
                    .to_string();
                self.member(Kind::Arr, &text, Kind::Func, depth)
            }
            _ => {
                let kind = self.scalar_kind();
                self.expr(kind, depth)
            }
        }
    }

    /// A property read.
    pub fn property(&mut self, depth: usize) -> Node {
        let name = self.rng.pick(PROPERTIES).to_string();
        match self.rng.below(12) {
            0 => self.of(Kind::Obj, "@.acc", depth),
            1 => {
                let key = self.expr(Kind::Str, depth.min(1));
                let object = self.expr(Kind::Obj, depth);
                Node::expr("@[@]", vec![receiver(object), key])
            }
            2 => self.of(Kind::Obj, &format!("@?.{name}"), depth),
            3 if matches!(self.place, Place::Method(_)) => Node::expr(format!("this.{name}"), vec![]),
            _ => self.of(Kind::Obj, &format!("@.{name}"), depth),
        }
    }

    /// An element read: mostly within bounds.
    fn element(&mut self, depth: usize) -> Node {
        let text = self.rng.pick(&["@[@]", "@[@]", "@[@ & 3]", "@[@ & 3]", "@.at(@)"]).to_string();
        self.member(Kind::Arr, &text, Kind::Int, depth)
    }

    /// An assignment as an expression.
    fn update(&mut self) -> Node {
        let Some(name) = self.var(Kind::Int, true) else { return self.leaf(Kind::Int) };
        match self.rng.below(8) {
            0 | 1 => Node::expr(format!("({name}++)"), vec![]),
            2 => Node::expr(format!("(--{name})"), vec![]),
            3 => Node::expr(format!("(++{name})"), vec![]),
            _ => {
                let op = self.rng.pick(&["-=", "*=", "|=", "^=", ">>=", ">>>=", "<<=", "%=", "&="]);
                let value = self.expr(Kind::Int, 1);
                Node::expr(format!("({name} {op} @)"), vec![value])
            }
        }
    }

    fn class_name(&mut self) -> Option<String> {
        let count = self.classes.len();
        (count > 0 && self.place != Place::Leaf).then(|| self.classes[self.rng.below(count)].clone())
    }

    /// Arguments for parameters of these kinds; sometimes of another kind, too few, too many, or spread.
    pub fn arguments(&mut self, params: &[Kind], depth: usize) -> Node {
        let mut arguments: Vec<Node> = params.iter().map(|&kind| self.expr(kind, depth)).collect();
        match self.rng.below(24) {
            0 if arguments.len() > 1 => {
                arguments.pop();
            }
            1 => arguments.push(self.leaf(Kind::Any)),
            2 if arguments.len() > 1 => {
                let spread = arguments.split_off(1);
                arguments.push(Node::piece("...[@]", vec![Node::list(spread)]));
            }
            _ => {}
        }
        Node::list(arguments)
    }

    /// A call of a function that is made already, or of a closure in a variable.
    fn call(&mut self, kind: Kind, depth: usize) -> Option<Node> {
        if self.place != Place::Leaf
            && self.rng.chance(15)
            && let Some(name) = self.var(Kind::Func, false)
        {
            self.cost += 10 * self.times;
            let arguments = self.arguments(&[Kind::Int, Kind::Int], depth - 1);
            return Some(Node::expr(format!("{name}(@)"), vec![arguments]));
        }
        if !matches!(self.place, Place::Main | Place::Function) || self.functions.is_empty() {
            return None;
        }
        let fitting: Vec<usize> = (0..self.functions.len())
            .filter(|&i| self.functions[i].result == kind || kind == Kind::Any)
            .filter(|&i| self.cost + self.functions[i].cost * self.times < MAX_COST)
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let function = self.functions[fitting[self.rng.below(fitting.len())]].clone();
        self.cost += function.cost * self.times;
        Some(self.call_of(&function, depth - 1))
    }

    /// A call of this function.
    fn call_of(&mut self, function: &super::Function, depth: usize) -> Node {
        let mut arguments = self.arguments(&function.params[usize::from(function.recursive)..], depth);
        if function.recursive {
            let count = self.rng.between(1, 4).to_string();
            arguments.children.insert(0, Node::piece(count, vec![]));
        }
        Node::expr(format!("{}(@)", function.name), vec![arguments])
    }

    /// A call of a method that this place may call.
    fn method_call(&mut self, depth: usize) -> Option<Node> {
        let below = match self.place {
            Place::Main | Place::Function => 3,
            Place::Method(number) => number,
            Place::Leaf => 0,
        };
        if below == 0 || self.cost + 60 * self.times > MAX_COST {
            return None;
        }
        self.cost += 60 * self.times;
        let number = self.rng.below(below);
        let mut maybe = self.rng.chance(6);
        let object = if matches!(self.place, Place::Method(_)) && self.rng.chance(70) {
            Node::expr("this", vec![])
        } else if self.rng.chance(80) {
            self.one("objs[@ & 3]", Kind::Int, depth - 1)
        } else {
            maybe |= self.rng.chance(70);
            receiver(self.expr(Kind::Obj, depth - 1))
        };
        let arguments = self.arguments(&[Kind::Int, Kind::Int], depth - 1);
        let template = if maybe { format!("@.m{number}?.(@)") } else { format!("@.m{number}(@)") };
        Some(Node::expr(template, vec![object, arguments]))
    }
}
