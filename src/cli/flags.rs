//! The knobs of the configuration as command-line flags, generated from the table in `config.rs`.
//!
//! A switch may be written `--sync`, `--sync=on` or `--sync=off`; anything else takes its value as `--flag VALUE` or
//! `--flag=VALUE`. `--int` and `-Xint` are `--tier-max=0`.

use clap::{Arg, ArgAction, ArgMatches};
use petrel::config::{Config, FlagError};
use petrel::vocab::Unit;

/// Other names of knobs: what users of other engines look for first.
pub const ALIASES: &[(&str, &str)] = &[("max-heap", "heap-limit"), ("max-stack", "stack-size")];

/// Flags for clap, grouped as in the table, with the defaults in their help.
pub fn arguments() -> Vec<Arg> {
    let defaults = Config::default().entries();
    let mut arguments: Vec<Arg> = defaults
        .into_iter()
        .map(|(row, default)| {
            let unit = match row.unit {
                Some(Unit::Bytes) => " bytes",
                Some(Unit::Nanoseconds) => " ns",
                Some(Unit::Count | Unit::Ratio) | None => "",
            };
            let default = if default.is_empty() { String::new() } else { format!(" [default: {default}{unit}]") };
            let argument = Arg::new(row.flag)
                .long(row.flag)
                .help(format!("{}{default}", row.help))
                .help_heading(row.group)
                .action(ArgAction::Append);
            let names = ALIASES.iter().filter(|(_, flag)| *flag == row.flag).map(|(alias, _)| *alias);
            let argument = argument.visible_aliases(names);
            match row.takes {
                Some(name) => argument.value_name(name).num_args(1),
                None => argument
                    .value_name("on|off")
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("on")
                    .hide_possible_values(true),
            }
        })
        .collect();
    let interpreter = Arg::new("int").long("int").action(ArgAction::SetTrue).help_heading("Tiering");
    arguments.push(interpreter.help("Interpreter only, the same as -Xint and --tier-max=0"));
    arguments.push(Arg::new("X").short('X').value_name("int").hide(true).action(ArgAction::Append));
    arguments
}

/// The `(flag, value)` pairs that were given, without those that a command does not have or means otherwise.
pub fn given<'a>(matches: &'a ArgMatches, except: &[&str]) -> Result<Vec<(&'a str, &'a str)>, FlagError> {
    let mut flags = Vec::new();
    for row in Config::KNOBS.iter().filter(|row| !except.contains(&row.flag)) {
        let values = matches.get_many::<String>(row.flag).into_iter().flatten();
        flags.extend(values.map(|value| (row.flag, value.as_str())));
    }
    for value in matches.get_many::<String>("X").into_iter().flatten() {
        if value != "int" {
            let message = format!("'{value}' is unknown; there is -Xint");
            return Err(FlagError { flag: "X".to_string(), message });
        }
        flags.push(("tier-max", "0"));
    }
    if matches.get_flag("int") {
        flags.push(("tier-max", "0"));
    }
    Ok(flags)
}

/// The configuration that the flags describe.
pub fn config(matches: &ArgMatches) -> Result<Config, FlagError> {
    Config::from_flags(given(matches, &[])?)
}
