//! `Date`: milliseconds since 1970 in one internal word, proleptic Gregorian arithmetic, the machine's time zone.

use super::Args;
use crate::runtime::cell::CellKind;
use crate::runtime::convert::{self, Hint, to_number};
use crate::runtime::host::local_offset_ms;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::ElementsKind;
use crate::runtime::string::Str;
use crate::runtime::value::Value;

const MS_PER_DAY: f64 = 86_400_000.0;
const MAX_TIME: f64 = 8.64e15;
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days since 1970 of the first day of a month (0-based, any size).
fn day_of(year: f64, month: f64) -> f64 {
    let y = year + (month / 12.0).floor();
    let m = month.rem_euclid(12.0) as i64;
    // Years that begin in March (Howard Hinnant's days_from_civil).
    let (y, m) = (y as i64 - (m <= 1) as i64, (m + 10) % 12);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * m + 2) / 5;
    (era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468) as f64
}

/// Calendar fields of a time: year, month, day, hours, minutes, seconds, milliseconds, weekday.
fn fields(t: f64) -> [f64; 8] {
    let days = (t / MS_PER_DAY).floor() as i64;
    // Negative multiples of a day leave -0, which prints with its sign.
    let ms = t.rem_euclid(MS_PER_DAY) + 0.0;
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 2 } else { mp - 10 };
    let year = yoe + era * 400 + (month <= 1) as i64;
    [
        year as f64,
        month as f64,
        day as f64,
        (ms / 3_600_000.0).floor(),
        (ms / 60_000.0).floor() % 60.0,
        (ms / 1000.0).floor() % 60.0,
        ms % 1000.0,
        (days + 4).rem_euclid(7) as f64,
    ]
}

/// The time of calendar fields (year, month, day, hours, minutes, seconds, milliseconds), each of any size.
fn make_time(f: &[f64; 7]) -> f64 {
    if f.iter().any(|x| !x.is_finite()) || f[0].abs() > 400_000.0 || f[1].abs() > 5_000_000.0 {
        return f64::NAN;
    }
    let f = f.map(f64::trunc);
    let day = day_of(f[0], f[1]) + f[2] - 1.0;
    day * MS_PER_DAY + f[3] * 3_600_000.0 + f[4] * 60_000.0 + f[5] * 1000.0 + f[6]
}

fn time_clip(t: f64) -> f64 {
    if t.abs() <= MAX_TIME { t.trunc() + 0.0 } else { f64::NAN }
}

fn to_local(t: f64) -> f64 {
    t + local_offset_ms(t)
}
fn to_utc(local: f64) -> f64 {
    if !local.is_finite() {
        return local;
    }
    let guess = local - local_offset_ms(local);
    local - local_offset_ms(guess)
}

/// Milliseconds since the epoch; in deterministic mode the virtual clock, which begins on a fixed day.
fn now_ms(rt: &mut Runtime) -> f64 {
    const VIRTUAL_START_MS: f64 = 1_700_000_000_000.0;
    if rt.host.virtual_time {
        return VIRTUAL_START_MS + (rt.hooks.now_ms)(rt).floor();
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    now.as_millis() as f64
}

/// `Date.now`.
pub fn now(rt: &mut Runtime, _args: &Args) -> JsResult {
    let ms = now_ms(rt);
    Ok(Value::number(ms))
}

/// Fields given as arguments; two-digit years are of the last century.
fn fields_of(rt: &mut Runtime, args: &Args) -> JsResult<[f64; 7]> {
    let mut f = [f64::NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    for (i, slot) in f.iter_mut().enumerate() {
        if let Some(v) = args.given(i) {
            *slot = to_number(rt, v)?;
        }
    }
    if (0.0..=99.0).contains(&f[0].trunc()) {
        f[0] = 1900.0 + f[0].trunc();
    }
    Ok(f)
}

/// `Date.UTC`.
pub fn utc(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = fields_of(rt, args)?;
    Ok(Value::number(time_clip(make_time(&f))))
}

/// `Date.parse`.
pub fn parse(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = convert::to_string(rt, args.get(0))?.to_rust();
    parse_or_refuse(rt, &s).map(Value::number)
}

fn parse_or_refuse(rt: &mut Runtime, text: &str) -> JsResult<f64> {
    if let Some(t) = parse_iso(text).or_else(|| parse_informal(text)) {
        return Ok(time_clip(t));
    }
    let iso_like = text.len() > 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[10] == b'T';
    if !iso_like
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().filter(|c| c.is_ascii_alphabetic()).count() < 12
    {
        return rt.refuse("dates in this format", "write dates as YYYY-MM-DDTHH:mm:ss.sssZ");
    }
    Ok(f64::NAN)
}

/// A cursor over ASCII text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn digits(&mut self, n: usize) -> Option<f64> {
        let part = self.0.get(..n).filter(|p| p.iter().all(u8::is_ascii_digit))?;
        self.0 = &self.0[n..];
        std::str::from_utf8(part).ok()?.parse().ok()
    }
    fn eat(&mut self, c: u8) -> bool {
        let hit = self.0.first() == Some(&c);
        if hit {
            self.0 = &self.0[1..];
        }
        hit
    }
}

/// The format of ECMAScript: dates alone are UTC, date-times without a zone local.
fn parse_iso(text: &str) -> Option<f64> {
    let mut c = Cursor(text.as_bytes());
    let year = if c.eat(b'+') {
        c.digits(6)?
    } else if c.eat(b'-') {
        let y = c.digits(6)?;
        if y == 0.0 {
            return None;
        }
        -y
    } else {
        c.digits(4)?
    };
    let mut f = [year, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    if c.eat(b'-') {
        f[1] = c.digits(2)? - 1.0;
        if c.eat(b'-') {
            f[2] = c.digits(2)?;
        }
    }
    let mut local = false;
    let mut offset = 0.0;
    if c.eat(b'T') || c.eat(b' ') {
        f[3] = c.digits(2)?;
        if !c.eat(b':') {
            return None;
        }
        f[4] = c.digits(2)?;
        if c.eat(b':') {
            f[5] = c.digits(2)?;
            if c.eat(b'.') {
                let mut scale = 100.0;
                let mut any = false;
                while let Some(d) = c.digits(1) {
                    f[6] += d * scale;
                    scale /= 10.0;
                    any = true;
                }
                f[6] = f[6].floor();
                any.then_some(())?;
            }
        }
        local = true;
        if c.eat(b'Z') {
            local = false;
        } else if let Some(sign) = if c.eat(b'+') { Some(1.0) } else { c.eat(b'-').then_some(-1.0) } {
            let hours = c.digits(2)?;
            c.eat(b':');
            offset = sign * (hours * 60.0 + c.digits(2)?) * 60_000.0;
            local = false;
        }
    }
    let in_range = c.0.is_empty()
        && (0.0..12.0).contains(&f[1])
        && (1.0..=31.0).contains(&f[2])
        && f[3] <= 24.0
        && f[4] < 60.0
        && f[5] < 60.0;
    if !in_range || (f[3] == 24.0 && (f[4] + f[5] + f[6]) > 0.0) {
        return None;
    }
    let t = make_time(&f);
    Some(if local { to_utc(t) } else { t - offset })
}

/// What `toString` and `toUTCString` print, `Mon D, YYYY`, `D Mon YYYY`, `YYYY/MM/DD` and `MM/DD/YYYY`, with an optional
/// time and zone.
fn parse_informal(text: &str) -> Option<f64> {
    let text = text.split('(').next()?.trim();
    let (mut year, mut month, mut day, mut time, mut zone) = (None, None, None, [0.0; 3], None);
    for word in text.split([' ', ',']).filter(|w| !w.is_empty()) {
        let lower = word.to_ascii_lowercase();
        if let Some(m) = MONTHS.iter().position(|m| lower.starts_with(&m.to_ascii_lowercase())) {
            month = Some(m as f64);
        } else if DAYS.iter().any(|d| lower.starts_with(&d.to_ascii_lowercase())) {
        } else if word.contains(':') {
            for (slot, part) in time.iter_mut().zip(word.split(':')) {
                *slot = part.parse().ok()?;
            }
        } else if let Some(rest) = lower.strip_prefix("gmt").or(lower.strip_prefix("utc")).or(lower.strip_prefix('z')) {
            zone = Some(if rest.is_empty() { 0.0 } else { zone_offset(rest)? });
        } else if word.contains('/') || (word.contains('-') && word.starts_with(|c: char| c.is_ascii_digit())) {
            let parts: Vec<f64> = word.split(['/', '-']).map(|p| p.parse().ok()).collect::<Option<_>>()?;
            let [a, b, c] = parts[..] else { return None };
            (year, month, day) =
                if a > 31.0 { (Some(a), Some(b - 1.0), Some(c)) } else { (Some(c), Some(a - 1.0), Some(b)) };
        } else if word.starts_with(['+', '-']) && year.is_some() {
            zone = Some(zone_offset(word)?);
        } else {
            let n: f64 = word.parse().ok()?;
            if day.is_none() && (1.0..=31.0).contains(&n) { day = Some(n) } else { year = Some(n) }
        }
    }
    let f = [year?, month?, day.unwrap_or(1.0), time[0], time[1], time[2], 0.0];
    let t = make_time(&f);
    Some(match zone {
        Some(offset) => t - offset,
        None => to_utc(t),
    })
}

fn zone_offset(text: &str) -> Option<f64> {
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let n: f64 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (n, 0.0) } else { ((n / 100.0).floor(), n % 100.0) };
    Some(sign * (hours * 60.0 + minutes) * 60_000.0)
}

/// `Date(…)` and `new Date(…)`.
pub fn constructor(rt: &mut Runtime, args: &Args) -> JsResult {
    if !args.is_construct() {
        let text = date_text(now_ms(rt));
        return Ok(rt.string(&text));
    }
    let t = match args.count() {
        0 => now_ms(rt),
        1 => {
            let other = Obj::from_value(args.get(0)).filter(|o| o.kind() == CellKind::Date);
            match other {
                Some(o) => o.internal(0).as_number(),
                None => {
                    let v = convert::to_primitive(rt, args.get(0), Hint::Default)?;
                    match Str::from_value(v) {
                        Some(s) => parse_or_refuse(rt, &s.to_rust())?,
                        None => to_number(rt, v)?,
                    }
                }
            }
        }
        _fields => {
            let f = fields_of(rt, args)?;
            to_utc(make_time(&f))
        }
    };
    let proto = rt.prototype_for(args, rt.library.home(super::table::Home::DatePrototype))?;
    let shape = rt.shapes.root(CellKind::Date, proto.value(), ElementsKind::HoleyAny, 0);
    let o = rt.new_object(shape);
    o.set_internal(&mut rt.heap, 0, Value::number(time_clip(t)));
    Ok(o.value())
}

fn this_date(rt: &mut Runtime, args: &Args) -> JsResult<(Obj, f64)> {
    match Obj::from_value(args.this).filter(|o| o.kind() == CellKind::Date) {
        Some(o) => Ok((o, o.internal(0).as_number())),
        None => rt.throw_type("this is not a Date object."),
    }
}

/// As [`this_date`], for the methods that change or show a date: V8 has another message for them.
fn changed_date(rt: &mut Runtime, args: &Args) -> JsResult<(Obj, f64)> {
    if Obj::from_value(args.this).is_some_and(|o| o.kind() == CellKind::Date) {
        return this_date(rt, args);
    }
    let method = Obj::from_value(args.callee()).map_or(String::new(), |f| rt.function_name(f));
    let shown = rt.describe(args.this);
    rt.throw_type(&format!("Method Date.prototype.{method} called on incompatible receiver {shown}"))
}

/// `Date.prototype[Symbol.toPrimitive]`.
pub fn to_primitive(rt: &mut Runtime, args: &Args) -> JsResult {
    let Some(o) = Obj::from_value(args.this) else {
        let shown = rt.describe(args.this);
        return rt
            .throw_type(&format!("Method Date.prototype [ @@toPrimitive ] called on incompatible receiver {shown}"));
    };
    let names = rt.atoms.names;
    let hint = match Str::from_value(args.get(0)).map(|s| s.to_rust()) {
        Some(hint) if hint == names.number.to_rust() => Hint::Number,
        Some(hint) if hint == names.string.to_rust() || hint == names.default.to_rust() => Hint::String,
        _invalid => {
            let shown = rt.describe(args.get(0));
            return rt.throw_type(&format!("Invalid hint: {shown}"));
        }
    };
    convert::ordinary_to_primitive(rt, o, hint)
}

/// `getTime`, `valueOf`.
pub fn get_time(rt: &mut Runtime, args: &Args) -> JsResult {
    this_date(rt, args).map(|(_, t)| Value::number(t))
}
/// `setTime`.
pub fn set_time(rt: &mut Runtime, args: &Args) -> JsResult {
    let (o, _) = changed_date(rt, args)?;
    let t = Value::number(time_clip(to_number(rt, args.get(0))?));
    o.set_internal(&mut rt.heap, 0, t);
    Ok(t)
}
/// `getTimezoneOffset`.
pub fn get_timezone_offset(rt: &mut Runtime, args: &Args) -> JsResult {
    let (_, t) = this_date(rt, args)?;
    Ok(Value::number(if t.is_nan() { t } else { -local_offset_ms(t) / 60_000.0 + 0.0 }))
}

fn get(rt: &mut Runtime, args: &Args, local: bool, field: usize) -> JsResult {
    let (_, t) = this_date(rt, args)?;
    if t.is_nan() {
        return Ok(Value::number(t));
    }
    Ok(Value::number(fields(if local { to_local(t) } else { t })[field]))
}

/// Replaces fields from `first` on by the arguments given.
fn set(rt: &mut Runtime, args: &Args, local: bool, first: usize) -> JsResult {
    let (o, t) = changed_date(rt, args)?;
    let last = if first < 3 { 3 } else { 7 };
    let mut given = Vec::new();
    for i in 0..args.count().clamp(1, last - first) {
        given.push(to_number(rt, args.get(i))?);
    }
    let base = match (t.is_nan(), first) {
        // setFullYear revives an invalid date.
        (true, 0) => 0.0,
        (true, _) => return Ok(Value::number(t)),
        (false, _) if local => to_local(t),
        (false, _) => t,
    };
    let [y, mo, d, h, mi, s, ms, _] = fields(base);
    let mut f = [y, mo, d, h, mi, s, ms];
    f[first..first + given.len()].copy_from_slice(&given);
    let t = make_time(&f);
    let t = Value::number(time_clip(if local { to_utc(t) } else { t }));
    o.set_internal(&mut rt.heap, 0, t);
    Ok(t)
}

macro_rules! accessors {
    ($( $get:ident $get_utc:ident $field:literal; )+) => { $(
        /// Reads a field in local time.
        pub fn $get(rt: &mut Runtime, args: &Args) -> JsResult {
            get(rt, args, true, $field)
        }
        /// Reads a field in UTC.
        pub fn $get_utc(rt: &mut Runtime, args: &Args) -> JsResult {
            get(rt, args, false, $field)
        }
    )+ };
}
accessors! {
    get_full_year get_utc_full_year 0;
    get_month get_utc_month 1;
    get_date get_utc_date 2;
    get_hours get_utc_hours 3;
    get_minutes get_utc_minutes 4;
    get_seconds get_utc_seconds 5;
    get_milliseconds get_utc_milliseconds 6;
    get_day get_utc_day 7;
}

macro_rules! mutators {
    ($( $set:ident $set_utc:ident $field:literal; )+) => { $(
        /// Replaces fields in local time.
        pub fn $set(rt: &mut Runtime, args: &Args) -> JsResult {
            set(rt, args, true, $field)
        }
        /// Replaces fields in UTC.
        pub fn $set_utc(rt: &mut Runtime, args: &Args) -> JsResult {
            set(rt, args, false, $field)
        }
    )+ };
}
mutators! {
    set_full_year set_utc_full_year 0;
    set_month set_utc_month 1;
    set_date set_utc_date 2;
    set_hours set_utc_hours 3;
    set_minutes set_utc_minutes 4;
    set_seconds set_utc_seconds 5;
    set_milliseconds set_utc_milliseconds 6;
}

fn iso_text(t: f64) -> String {
    let f = fields(t);
    let year = match f[0] as i64 {
        y @ 0..=9999 => format!("{y:04}"),
        y => format!("{}{:06}", if y < 0 { '-' } else { '+' }, y.abs()),
    };
    format!("{year}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", f[1] + 1.0, f[2], f[3], f[4], f[5], f[6])
}

/// A year outside of the ISO format: V8 does not count the sign among the four digits.
fn year_text(year: i64) -> String {
    format!("{}{:04}", if year < 0 { "-" } else { "" }, year.abs())
}

fn day_text(local: f64) -> String {
    let f = fields(local);
    let year = f[0] as i64;
    let year = year_text(year);
    format!("{} {} {:02} {year}", DAYS[f[7] as usize], MONTHS[f[1] as usize], f[2])
}

fn clock_text(t: f64) -> String {
    let offset = local_offset_ms(t) / 60_000.0;
    let f = fields(to_local(t));
    let sign = if offset < 0.0 { '-' } else { '+' };
    let (h, m) = ((offset.abs() / 60.0).floor(), offset.abs() % 60.0);
    let zone = crate::runtime::host::zone_name(t);
    format!("{:02}:{:02}:{:02} GMT{sign}{h:02}{m:02} ({zone})", f[3], f[4], f[5])
}

fn date_text(t: f64) -> String {
    if t.is_nan() { "Invalid Date".into() } else { format!("{} {}", day_text(to_local(t)), clock_text(t)) }
}

/// A date as inspection shows it.
pub fn inspect_text(o: Obj) -> String {
    let t = o.internal(0).as_number();
    if t.is_nan() { "Invalid Date".into() } else { iso_text(t) }
}

/// `toISOString`.
pub fn to_iso_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let (_, t) = changed_date(rt, args)?;
    if t.is_nan() {
        return rt.throw_range("Invalid time value");
    }
    Ok(rt.string(&iso_text(t)))
}
/// `toJSON`.
pub fn to_json(rt: &mut Runtime, args: &Args) -> JsResult {
    let this = convert::to_object(rt, args.this)?.value();
    let v = convert::to_primitive(rt, this, Hint::Number)?;
    if v.is_number() && !v.as_number().is_finite() {
        return Ok(Value::NULL);
    }
    let method = rt.get_str(this, "toISOString")?;
    if !Obj::from_value(method).is_some_and(Obj::is_callable) {
        return rt.throw_type("toISOString is not a function");
    }
    rt.call(method, this, &[])
}

fn text_of(rt: &mut Runtime, args: &Args, f: fn(f64) -> String) -> JsResult {
    let (_, t) = changed_date(rt, args)?;
    let text = if t.is_nan() { "Invalid Date".into() } else { f(t) };
    Ok(rt.string(&text))
}
/// `toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    text_of(rt, args, date_text)
}
/// `toDateString`.
pub fn to_date_string(rt: &mut Runtime, args: &Args) -> JsResult {
    text_of(rt, args, |t| day_text(to_local(t)))
}
/// `toTimeString`.
pub fn to_time_string(rt: &mut Runtime, args: &Args) -> JsResult {
    text_of(rt, args, clock_text)
}
/// `toUTCString`.
pub fn to_utc_string(rt: &mut Runtime, args: &Args) -> JsResult {
    text_of(rt, args, |t| {
        let f = fields(t);
        let year = f[0] as i64;
        let year = year_text(year);
        format!(
            "{}, {:02} {} {year} {:02}:{:02}:{:02} GMT",
            DAYS[f[7] as usize], f[2], MONTHS[f[1] as usize], f[3], f[4], f[5]
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_round_trips() {
        for t in [0.0, -1.0, 1e12, -1e13, 951782400000.0, 8.64e15, -8.64e15, 1709164800000.0] {
            let [y, mo, d, h, mi, s, ms, _] = fields(t);
            assert_eq!(make_time(&[y, mo, d, h, mi, s, ms]), t);
        }
        assert_eq!(iso_text(951782400000.0), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso_text(-1.0), "1969-12-31T23:59:59.999Z");
        assert_eq!(iso_text(8.64e15), "+275760-09-13T00:00:00.000Z");
    }

    #[test]
    fn texts_parse() {
        assert_eq!(parse_iso("1970-01-01"), Some(0.0));
        assert_eq!(parse_iso("2020-02-30T10:00:00+02:00"), Some(1583049600000.0));
        assert_eq!(parse_iso("2020-13-01"), None);
        assert_eq!(parse_informal("Thu, 01 Jan 1970 00:00:01 GMT"), Some(1000.0));
        assert_eq!(parse_informal("Thu Jan 01 1970 01:00:00 GMT+0100 (CET)"), Some(0.0));
    }
}
