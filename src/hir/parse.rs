//! Reads HIR that `print.rs` printed, or that a person wrote for a test.
//!
//! Values, blocks and frame states keep their numbers. A type may be left out: it then follows from the operation and its
//! operands, in order; `;` starts a comment. Parsing never panics on bad text; whether
//! the graph makes sense is for `verify.rs` to say.

use super::field::{Block, Const, Field, Val};
use super::frame_state::{Entry, Frame, FrameState, Inline, InlineData, Resume, VirtualKind, VirtualObject};
use super::graph::{BlockData, EntryPoint, Graph, InstData, Origin};
use super::inst::Op;
use super::types::{self, Rep, Type};
use crate::vocab::FunctionId;
use cranelift_entity::EntityRef;

/// What parsing gives: the thing, or a sentence with the line number.
pub type ParseResult<T> = Result<T, String>;

/// A cursor over one line.
pub struct Parser<'a> {
    rest: &'a str,
    line: usize,
}

/// Numbers the fields of an instruction, which stand apart by commas.
pub struct Fields {
    first: bool,
}

impl Fields {
    /// Steps over the comma before a field, unless it is the first.
    pub fn next(&mut self, p: &mut Parser<'_>) -> ParseResult<()> {
        if std::mem::take(&mut self.first) { Ok(()) } else { p.expect(",") }
    }
}

impl<'a> Parser<'a> {
    fn new(rest: &'a str, line: usize) -> Parser<'a> {
        Parser { rest: rest.split(';').next().unwrap_or_default().trim(), line }
    }

    /// Starts reading the fields of an instruction.
    pub fn fields(&self) -> Fields {
        Fields { first: true }
    }

    /// An error at this line.
    pub fn fail<T>(&self, what: impl AsRef<str>) -> ParseResult<T> {
        Err(format!("line {}: {}", self.line, what.as_ref()))
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn at_end(&mut self) -> bool {
        self.skip_space();
        self.rest.is_empty()
    }

    /// Steps over `token` if it comes next.
    pub fn eat(&mut self, token: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Steps over `word` if it comes next as a word of its own.
    fn eat_word(&mut self, word: &str) -> bool {
        self.skip_space();
        if self.peek_word() == word {
            self.rest = &self.rest[word.len()..];
            return true;
        }
        false
    }

    /// Steps over `token`, which must come next.
    pub fn expect(&mut self, token: &str) -> ParseResult<()> {
        if self.eat(token) { Ok(()) } else { self.fail(format!("expected '{token}' before '{}'", self.rest)) }
    }

    fn peek_word(&self) -> &'a str {
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_.-+".contains(c)));
        &self.rest[..end.unwrap_or(self.rest.len())]
    }

    /// A name or number.
    pub fn word(&mut self) -> ParseResult<&'a str> {
        self.skip_space();
        let word = self.peek_word();
        if word.is_empty() {
            return self.fail(format!("expected a word before '{}'", self.rest));
        }
        self.rest = &self.rest[word.len()..];
        Ok(word)
    }

    /// A decimal number.
    pub fn number<T: std::str::FromStr>(&mut self) -> ParseResult<T> {
        let word = self.word()?;
        word.parse().or_else(|_| self.fail(format!("'{word}' is no number of the right size")))
    }

    /// A hexadecimal number with `0x`.
    pub fn hex(&mut self) -> ParseResult<u64> {
        let word = self.word()?;
        match word.strip_prefix("0x").and_then(|h| u64::from_str_radix(h, 16).ok()) {
            Some(n) => Ok(n),
            None => self.fail(format!("'{word}' is no hexadecimal number")),
        }
    }

    /// An id: its prefix and a number.
    pub fn entity<E: EntityRef>(&mut self, prefix: &str) -> ParseResult<E> {
        let word = self.word()?;
        match word.strip_prefix(prefix).and_then(|n| n.parse::<u16>().ok()) {
            Some(n) => Ok(E::new(n as usize)),
            None => self.fail(format!("expected {prefix} and a number, not '{word}'")),
        }
    }

    /// A value.
    pub fn val(&mut self) -> ParseResult<Val> {
        self.entity("v")
    }

    /// A block.
    pub fn block(&mut self) -> ParseResult<Block> {
        self.entity("bb")
    }

    /// A type.
    pub fn ty(&mut self) -> ParseResult<Type> {
        let mut sum = types::NONE;
        loop {
            let word = self.word()?;
            match Type::from_name(word) {
                Some(t) => sum |= t,
                None => return self.fail(format!("there is no type '{word}'")),
            }
            if !self.eat("|") {
                return Ok(sum);
            }
        }
    }
}

/// Reads a function.
pub fn parse(text: &str) -> ParseResult<Graph> {
    let mut lines = text.lines().enumerate().map(|(i, line)| Parser::new(line, i + 1)).filter(|p| !p.rest.is_empty());
    let Some(mut head) = lines.next() else { return Err("there is no function".into()) };
    let mut reader = Reader { graph: parse_head(&mut head)?, block: None, untyped: vec![], given: vec![] };
    reader.reserve_vals(text);
    for mut p in lines {
        reader.line(&mut p)?;
    }
    reader.graph.representations_chosen = reader.given.iter().any(|v| *v);
    reader.infer_types();
    Ok(reader.graph)
}

fn parse_head(p: &mut Parser<'_>) -> ParseResult<Graph> {
    p.expect("function")?;
    let function: FunctionId = p.entity("fn")?;
    p.expect("params")?;
    let params = p.number()?;
    let entry = if p.eat("osr") { EntryPoint::Osr(p.number()?) } else { EntryPoint::Start };
    Ok(Graph::new(function, entry, params))
}

struct Reader {
    graph: Graph,
    block: Option<Block>,
    /// Values whose type is to be inferred, in order.
    untyped: Vec<Val>,
    /// Whether a representation was given, by value.
    given: Vec<bool>,
}

impl Reader {
    fn line(&mut self, p: &mut Parser<'_>) -> ParseResult<()> {
        let word = p.peek_word();
        if word.starts_with("bb") {
            return self.block_head(p);
        }
        if p.rest.contains(" inlined in ") {
            let function = p.entity("fn")?;
            p.expect("inlined")?;
            p.expect("in")?;
            let caller = (p.entity("inline")?, {
                p.expect("at")?;
                p.number()?
            });
            self.graph.inlines.push(InlineData { function, caller: Some(caller) });
            return Ok(());
        }
        if word.starts_with("virtual") && p.rest.contains('=') {
            return self.virtual_object(p);
        }
        if word.strip_prefix('f').is_some_and(|n| n.parse::<u16>().is_ok()) {
            return self.frame(p);
        }
        self.inst(p)
    }

    fn block_head(&mut self, p: &mut Parser<'_>) -> ParseResult<()> {
        let block = p.block()?;
        self.reserve_block(block);
        if p.eat("(") {
            while !p.eat(")") {
                let v = p.val()?;
                p.expect(":")?;
                self.graph.insts[v].ty = p.ty()?;
                self.representation(v, p)?;
                self.graph.blocks[block].params.push(v);
                p.eat(",");
            }
        }
        p.expect(":")?;
        self.block = Some(block);
        Ok(())
    }

    fn representation(&mut self, v: Val, p: &mut Parser<'_>) -> ParseResult<()> {
        if p.eat("/") {
            let word = p.word()?;
            let Some(rep) = Rep::from_name(word) else { return p.fail(format!("'{word}' is no representation")) };
            self.graph.insts[v].rep = rep;
            self.given.resize(self.graph.insts.len(), false);
            self.given[v.index()] = true;
        }
        Ok(())
    }

    fn virtual_object(&mut self, p: &mut Parser<'_>) -> ParseResult<()> {
        p.word()?;
        p.expect("=")?;
        let kind = if p.eat_word("closure") {
            VirtualKind::Closure { parent: p.entity("fn")?, child: p.number()? }
        } else if p.eat_word("scope") {
            VirtualKind::Scope
        } else if p.eat_word("arguments") {
            VirtualKind::Arguments
        } else if p.eat_word("array") {
            VirtualKind::Array
        } else {
            VirtualKind::Object(p.entity("shape")?)
        };
        let mut slots = vec![];
        while !p.at_end() {
            slots.push(self.entry(p)?);
        }
        self.graph.virtuals.push(VirtualObject { kind, slots });
        Ok(())
    }

    fn entry(&mut self, p: &mut Parser<'_>) -> ParseResult<Entry> {
        p.skip_space();
        if p.eat_word("const") {
            return Ok(Entry::Const(Const::parse(p)?));
        }
        if p.eat_word("scratch") {
            return Ok(Entry::Scratch(p.number()?));
        }
        if p.rest.starts_with("virtual") {
            return Ok(Entry::Virtual(p.entity("virtual")?));
        }
        Ok(Entry::Val(p.val()?))
    }

    fn frame(&mut self, p: &mut Parser<'_>) -> ParseResult<()> {
        let id: Frame = p.entity("f")?;
        p.expect("=")?;
        let resume = match p.word()? {
            "before" => Resume::Before,
            word @ ("after" | "after_construct") => {
                p.expect("(r")?;
                let result = p.number()?;
                p.expect(")")?;
                if word == "after" { Resume::After { result } } else { Resume::AfterConstruct { result } }
            }
            "next" => {
                p.expect("(r")?;
                let result = p.number()?;
                p.expect(",")?;
                let exit = p.number()?;
                p.expect(")")?;
                Resume::Next { result, exit }
            }
            "branch" => {
                p.expect("(")?;
                let if_true = p.number()?;
                p.expect(",")?;
                let if_false = p.number()?;
                p.expect(")")?;
                Resume::Branch { if_true, if_false }
            }
            word => return p.fail(format!("'{word}' is no way to resume")),
        };
        let offset = p.number()?;
        p.expect("of")?;
        let inline = p.entity("inline")?;
        p.expect("callee")?;
        let callee = self.entry(p)?;
        p.expect("this")?;
        let this = self.entry(p)?;
        let mut state =
            FrameState { inline, offset, resume, catches: false, callee, this, registers: vec![], caller: None.into() };
        while !p.at_end() {
            match p.word()? {
                "catches" => state.catches = true,
                "caller" => state.caller = Some(p.entity::<Frame>("f")?).into(),
                word => match word.strip_prefix('r').and_then(|n| n.parse().ok()) {
                    Some(register) => state.registers.push((register, self.entry(p)?)),
                    None => return p.fail(format!("'{word}' is no register")),
                },
            }
        }
        while self.graph.frames.len() <= id.index() {
            self.graph.frames.push(state.clone());
        }
        self.graph.frames[id] = state;
        Ok(())
    }

    fn inst(&mut self, p: &mut Parser<'_>) -> ParseResult<()> {
        let Some(block) = self.block else { return p.fail("an instruction before the first block") };
        let word = p.peek_word();
        let v = if word.strip_prefix('v').is_some_and(|n| n.parse::<u16>().is_ok()) {
            let v = p.val()?;
            p.expect("=")?;
            v
        } else {
            self.graph.insts.push(placeholder())
        };
        let mnemonic = p.word()?;
        let op = Op::parse(mnemonic, p)?;
        op.visit_targets(|t| self.reserve_block(t.block));
        let inst = &mut self.graph.insts[v];
        inst.rep = op.rep();
        inst.op = op;
        if p.eat(":") {
            inst.ty = p.ty()?;
            self.representation(v, p)?;
        } else {
            self.untyped.push(v);
        }
        if p.eat("!") {
            self.graph.insts[v].frame = Some(p.entity::<Frame>("f")?).into();
        }
        if p.eat("@") {
            let mut origin = Origin { offset: p.number()?, ..Origin::default() };
            if p.eat_word("in") {
                origin.inline = p.entity::<Inline>("inline")?;
            }
            if !p.at_end() {
                origin.site = Some(p.entity("site")?).into();
            }
            self.graph.insts[v].origin = origin;
        }
        if !p.at_end() {
            return p.fail(format!("did not expect '{}'", p.rest));
        }
        self.graph.blocks[block].insts.push(v);
        Ok(())
    }

    /// Makes room for every value that the text names, so that instructions without a name come after them.
    fn reserve_vals(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let numbers = words.filter_map(|w| w.strip_prefix('v')?.parse::<u16>().ok());
        for _ in 0..numbers.max().map_or(0, |n| n as usize + 1) {
            self.graph.insts.push(placeholder());
        }
    }

    fn reserve_block(&mut self, block: Block) {
        while self.graph.blocks.len() <= block.index() {
            self.graph.blocks.push(BlockData::default());
        }
    }

    fn infer_types(&mut self) {
        for &v in &self.untyped {
            self.graph.insts[v].ty = self.graph.insts[v].op.result_type(|v| self.graph.insts[v].ty);
        }
    }
}

fn placeholder() -> InstData {
    InstData { op: Op::Phi {}, ty: types::TOP, rep: Rep::Tagged, frame: None.into(), origin: Origin::default() }
}
