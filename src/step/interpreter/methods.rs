//! Methods of lists, dicts, strings and sets of parameters.

use std::rc::Rc;

use super::Interpreter;
use super::arguments::Arguments;
use super::collections::{MAX_ELEMENTS, set_entry};
use crate::step::context::Site;
use crate::step::state::ObjectKind;
use crate::step::value::{Truth, Value};
use crate::syntax::Name;

impl Interpreter<'_> {
    pub(super) fn call_method(&mut self, receiver: &Value, name: Name, arguments: &Arguments, site: Site) -> Value {
        match receiver {
            Value::Str(text) => {
                let text = Rc::new(text.to_string());
                self.text_method(&text, name, arguments, site)
            }
            Value::Object(_) => self.container_method(receiver, name, arguments, site),
            Value::Parameters(_) => {
                // A set of parameters in the role of a list.
                if matches!(name.as_str(), "copy" | "__iter__") { receiver.clone() } else { self.call_unknown(arguments, site) }
            }
            Value::Tuple(_) => Value::Unknown,
            _ => self.call_unknown(arguments, site),
        }
    }

    fn text_method(&mut self, text: &str, name: Name, arguments: &Arguments, site: Site) -> Value {
        let argument = |at: usize| arguments.positional.get(at).and_then(Value::as_text);
        let any_of = |test: &dyn Fn(&str) -> bool, value: Option<&Value>| match value {
            Some(Value::Str(part)) => Truth::from(test(part)).value(),
            Some(Value::Tuple(parts)) if parts.iter().all(|part| part.as_text().is_some()) => Truth::from(parts.iter().filter_map(Value::as_text).any(test)).value(),
            _ => Value::Unknown,
        };
        match name.as_str() {
            "startswith" => any_of(&|part| text.starts_with(part), arguments.positional.first()),
            "endswith" => any_of(&|part| text.ends_with(part), arguments.positional.first()),
            "lower" => Value::text(&text.to_lowercase()),
            "upper" => Value::text(&text.to_uppercase()),
            "strip" if arguments.positional.is_empty() => Value::text(text.trim()),
            "replace" => match (argument(0), argument(1)) {
                (Some(from), Some(to)) if text.len().saturating_mul(to.len() + 1) < 1 << 24 => Value::text(&text.replace(from, to)),
                _ => Value::Unknown,
            },
            "find" => match argument(0) {
                Some(part) => Value::Int(text.find(part).map_or(-1, |at| text[..at].chars().count() as i64)),
                None => Value::Unknown,
            },
            "split" => match argument(0) {
                Some(separator) if !separator.is_empty() && arguments.positional.len() == 1 => {
                    let parts = text.split(separator).map(Value::text).collect();
                    self.new_list(site, parts, true)
                }
                _ => Value::Unknown,
            },
            "join" => {
                let parts = arguments.positional.first().and_then(|list| self.list_elements(list));
                let texts: Option<Vec<String>> = parts.and_then(|parts| parts.iter().map(|part| part.as_text().map(str::to_owned)).collect());
                texts.map_or(Value::Unknown, |texts| Value::text(&texts.join(text)))
            }
            "format" => {
                arguments.values().cloned().collect::<Vec<_>>().iter().for_each(|value| self.observe(value));
                formatted(text, arguments).map_or(Value::Unknown, |text| Value::text(&text))
            }
            _ => {
                arguments.values().cloned().collect::<Vec<_>>().iter().for_each(|value| self.observe(value));
                Value::Unknown
            }
        }
    }

    fn container_method(&mut self, receiver: &Value, name: Name, arguments: &Arguments, site: Site) -> Value {
        let Value::Object(id) = receiver else { return Value::Unknown };
        let Some(object) = self.state.object(*id).cloned() else { return Value::Unknown };
        for value in arguments.values().cloned().collect::<Vec<_>>() {
            self.observe_stored(&value);
        }
        let first = arguments.positional.first().cloned();
        match &object.kind {
            ObjectKind::List { elements, exact } => match (name.as_str(), first) {
                ("append", Some(value)) => self.change_list(receiver, |elements| elements.push(value)),
                ("insert", Some(at)) => {
                    let value = arguments.positional.get(1).cloned().unwrap_or(Value::Unknown);
                    match at.as_int().and_then(|at| usize::try_from(at).ok()) {
                        Some(at) => self.change_list(receiver, |elements| elements.insert(at.min(elements.len()), value)),
                        None => self.forget_list(receiver),
                    }
                }
                ("extend", Some(more)) => match (self.list_elements(&more), &more) {
                    (Some(values), _) => self.change_list(receiver, |elements| elements.extend(values)),
                    (None, Value::Parameters(_)) => self.change_list(receiver, |elements| elements.push(more.clone())),
                    _ => self.forget_list(receiver),
                },
                ("copy", _) => self.new_list(site, elements.clone(), *exact),
                ("index" | "count", _) => Value::Unknown,
                ("pop", None) if *exact => {
                    let last = elements.last().cloned().unwrap_or(Value::Unknown);
                    self.change_list(receiver, |elements| {
                        elements.pop();
                    });
                    last
                }
                ("add", Some(value)) => self.change_list(receiver, |elements| elements.push(value)),
                _ => self.forget_list(receiver),
            },
            ObjectKind::Dict { entries, exact } => match name.as_str() {
                "items" => {
                    let pairs = entries.iter().map(|(key, value)| self.tuple(vec![key.clone(), value.clone()])).collect();
                    self.new_list(site, pairs, *exact)
                }
                "values" => self.new_list(site, entries.iter().map(|(_, value)| value.clone()).collect(), *exact),
                "keys" => self.new_list(site, entries.iter().map(|(key, _)| key.clone()).collect(), *exact),
                "get" => {
                    let found = first.as_ref().and_then(|key| entries.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone()));
                    match found {
                        Some(value) if *exact || !value.is_plain() => value,
                        Some(_) => Value::Unknown,
                        None if *exact && first.as_ref().is_some_and(Value::is_plain) => arguments.positional.get(1).cloned().unwrap_or(Value::None),
                        None => Value::Unknown,
                    }
                }
                "copy" => self.new_dict(site, entries.clone(), *exact),
                "update" => {
                    let more = first.as_ref().and_then(|other| self.known_entries(other));
                    let known = first.is_none() || more.is_some();
                    let named = arguments.keywords.iter().map(|(name, value)| (Value::text(name.as_str()), value.clone()));
                    let all: Vec<(Value, Value)> = more.unwrap_or_default().into_iter().chain(named).collect();
                    if let Some(ObjectKind::Dict { entries, exact }) = self.state.object_mut(*id).map(|object| &mut object.kind) {
                        *exact &= known && !arguments.more_keywords;
                        all.into_iter().for_each(|(key, value)| set_entry(entries, key, value));
                    }
                    Value::None
                }
                _ => {
                    if let Some(ObjectKind::Dict { exact, .. }) = self.state.object_mut(*id).map(|object| &mut object.kind) {
                        *exact = false;
                    }
                    Value::Unknown
                }
            },
            ObjectKind::Instance if name == self.names.reuse_variables => {
                self.set_attribute(receiver, Name::new("reuse"), Value::Bool(true));
                Value::None
            }
            _ => self.call_unknown(arguments, site),
        }
    }

    pub(super) fn change_list(&mut self, list: &Value, change: impl FnOnce(&mut Vec<Value>)) -> Value {
        if let Value::Object(id) = list
            && let Some(object) = self.state.object_mut(*id)
            && let ObjectKind::List { elements, exact } = &mut object.kind
        {
            change(elements);
            *exact &= elements.len() <= MAX_ELEMENTS;
            elements.truncate(MAX_ELEMENTS);
            if !*exact {
                // Neither order nor number are known: each element counts once.
                let all = std::mem::take(elements);
                all.into_iter().for_each(|value| if !elements.contains(&value) { elements.push(value) });
            }
        }
        Value::None
    }

    fn forget_list(&mut self, list: &Value) -> Value {
        if let Value::Object(id) = list
            && let Some(object) = self.state.object_mut(*id)
            && let ObjectKind::List { exact, .. } = &mut object.kind
        {
            *exact = false;
        }
        Value::Unknown
    }
}

/// `text.format(arguments)` with plain placeholders.
fn formatted(text: &str, arguments: &Arguments) -> Option<String> {
    let mut result = String::new();
    let mut rest = text;
    let mut next = 0;
    while let Some(open) = rest.find('{') {
        result.push_str(&rest[..open]);
        let close = rest[open..].find('}')? + open;
        let field = &rest[open + 1..close];
        let value = if field.is_empty() {
            next += 1;
            arguments.positional.get(next - 1)
        } else if let Ok(at) = field.parse::<usize>() {
            arguments.positional.get(at)
        } else {
            arguments.keyword(field)
        };
        result.push_str(&super::operators::shown(value?)?);
        rest = &rest[close + 1..];
    }
    result.push_str(rest);
    Some(result)
}
