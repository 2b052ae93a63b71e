//! Builtin functions of Python.

use std::rc::Rc;

use super::arguments::Arguments;
use super::collections::set_entry;
use super::loops::Elements;
use super::Interpreter;
use crate::step::context::Site;
use crate::step::state::ObjectKind;
use crate::step::value::{Function, Truth, Value};
use crate::syntax::Name;

/// Builtins that are known.
const BUILTINS: [&str; 32] = [
    "abs", "all", "any", "bool", "callable", "dict", "enumerate", "filter", "float", "format", "getattr", "hasattr", "int", "isinstance", "issubclass", "iter",
    "len", "list", "map", "max", "min", "next", "object", "print", "range", "reversed", "set", "setattr", "sorted", "str", "sum", "super",
];

/// Whether `name` is a builtin that is known.
pub(super) fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name) || matches!(name, "tuple" | "zip" | "repr" | "type" | "xrange" | "id" | "hash" | "round")
}

impl Interpreter<'_> {
    pub(super) fn call_builtin(&mut self, name: Name, arguments: &Arguments, site: Site) -> Value {
        let first = arguments.positional.first().cloned();
        match (name.as_str(), first) {
            ("super", _) => self.super_call(arguments),
            ("object", _) => Value::None,
            ("len", Some(value)) => self.length(&value),
            ("range" | "xrange", _) => self.range(arguments, site),
            ("list" | "tuple" | "set" | "sorted" | "reversed" | "iter" | "frozenset", first) => self.copied(name.as_str(), first, site),
            ("dict", _) => self.dict_call(arguments, site),
            ("zip", _) => self.zip(arguments, site),
            ("enumerate", Some(value)) => self.enumerate(&value, arguments.get(1, "start"), site),
            ("map", Some(function)) => self.map(&function, arguments, site),
            ("filter", Some(function)) => self.filter(&function, arguments, site),
            ("next", Some(value)) => match self.elements(&value, site) {
                Elements::Known(values) => values.first().cloned().unwrap_or(Value::Unknown),
                Elements::Each(each) => each,
            },
            ("isinstance" | "issubclass", Some(value)) => {
                let class = arguments.positional.get(1).cloned().unwrap_or(Value::Unknown);
                self.is_instance(&value, &class).value()
            }
            ("hasattr", Some(value)) => self.has_attribute(&value, arguments.positional.get(1)).value(),
            ("getattr", Some(value)) => match arguments.positional.get(1).and_then(Value::as_text).map(Name::new) {
                Some(name) if arguments.positional.len() == 2 || self.has_attribute(&value, arguments.positional.get(1)) == Truth::Yes => self.attribute(&value, name, site),
                _ => {
                    self.escape(&value);
                    Value::Unknown
                }
            },
            ("setattr", Some(object)) => {
                let value = arguments.positional.get(2).cloned().unwrap_or(Value::Unknown);
                match arguments.positional.get(1).and_then(Value::as_text).map(Name::new) {
                    Some(name) => self.set_attribute(&object, name, value),
                    None => {
                        self.observe(&value);
                        self.escape(&object);
                    }
                }
                Value::None
            }
            ("int", Some(Value::Float(value))) => Value::Int(value as i64),
            ("int" | "round", Some(value @ Value::Int(_))) => value,
            ("float", Some(Value::Int(value))) => Value::Float(value as f64),
            ("repr", Some(Value::Str(_))) => Value::Unknown,
            ("str" | "repr", Some(value)) => super::operators::shown(&value).map_or(Value::Unknown, |text| Value::text(&text)),
            ("bool", Some(value)) => self.truth(&value).value(),
            ("abs", Some(Value::Int(value))) => value.checked_abs().map_or(Value::Unknown, Value::Int),
            ("max" | "min", _) => self.extreme(name.as_str() == "max", arguments),
            ("sum", Some(value)) => self.sum(&value, arguments.get(1, "start"), site),
            ("type", Some(Value::Object(id))) => self.state.object(id).and_then(|object| object.class).map_or(Value::Unknown, Value::Class),
            ("callable", Some(Value::Function(_) | Value::Class(_))) => Value::Bool(true),
            ("unknown", _) => self.call_unknown(arguments, site),
            ("float" | "int" | "abs" | "round", Some(value)) => {
                self.observe(&value);
                Value::Unknown
            }
            _ => {
                let values: Vec<Value> = arguments.values().cloned().collect();
                values.iter().for_each(|value| self.observe(value));
                Value::Unknown
            }
        }
    }

    /// `super()` and `super(Class, self)`
    fn super_call(&mut self, arguments: &Arguments) -> Value {
        let frame = Rc::clone(self.frame());
        let (class, receiver) = match (arguments.positional.first(), arguments.positional.get(1)) {
            (Some(Value::Class(class)), Some(receiver)) => (Some(*class), Some(receiver.clone())),
            (None, _) => (frame.class, frame.receiver.clone()),
            _ => (None, None),
        };
        match (class, receiver) {
            (Some(after), Some(receiver)) => Value::Function(Rc::new(Function::Super { after, receiver })),
            _ => Value::Unknown,
        }
    }

    fn length(&mut self, value: &Value) -> Value {
        match value {
            Value::Str(text) => Value::Int(text.chars().count() as i64),
            Value::Parameters(set) if set.is_exact() => Value::Int(set.certain.len() as i64),
            Value::Object(id) => match self.state.object(*id).map(|object| object.kind.clone()) {
                Some(ObjectKind::Dict { entries, exact: true }) => Value::Int(entries.len() as i64),
                Some(ObjectKind::Instance) => {
                    let length = Name::new("__len__");
                    let site = self.site(self.here.node);
                    self.call_special(value, length, Vec::new(), site).unwrap_or(Value::Unknown)
                }
                _ => self.list_elements(value).map_or(Value::Unknown, |values| Value::Int(values.len() as i64)),
            },
            _ => self.list_elements(value).map_or(Value::Unknown, |values| Value::Int(values.len() as i64)),
        }
    }

    fn range(&mut self, arguments: &Arguments, site: Site) -> Value {
        let numbers: Option<Vec<i64>> = arguments.positional.iter().map(Value::as_int).collect();
        let bounds = match numbers.as_deref() {
            Some([end]) => Some((0, *end, 1)),
            Some([start, end]) => Some((*start, *end, 1)),
            Some([start, end, step]) if *step != 0 => Some((*start, *end, *step)),
            _ => None,
        };
        let Some((start, end, step)) = bounds else { return self.new_list(site, vec![Value::Unknown], false) };
        let before_end = |at: &i64| if step > 0 { *at < end } else { *at > end };
        let mut numbers = std::iter::successors(Some(start), |at| at.checked_add(step)).take_while(before_end);
        let values = numbers.by_ref().take(super::MAX_UNROLLED).map(Value::Int).collect();
        if numbers.next().is_some() {
            return self.new_list(site, vec![Value::Unknown], false);
        }
        self.new_list(site, values, true)
    }

    fn copied(&mut self, name: &str, first: Option<Value>, site: Site) -> Value {
        let Some(value) = first else {
            return if name == "tuple" { Value::Tuple(Rc::from([])) } else { self.new_list(site, Vec::new(), true) };
        };
        if matches!(value, Value::Parameters(_)) {
            return value;
        }
        match self.elements(&value, site) {
            Elements::Known(mut values) => match name {
                "tuple" => self.tuple(values),
                "reversed" => {
                    values.reverse();
                    self.new_list(site, values, true)
                }
                "sorted" => self.new_list(site, values, false),
                "set" | "frozenset" => self.new_set(site, values, true),
                _ => self.new_list(site, values, true),
            },
            Elements::Each(each) => self.new_list(site, vec![each], false),
        }
    }

    fn dict_call(&mut self, arguments: &Arguments, site: Site) -> Value {
        let known = arguments.positional.first().map(|first| self.known_entries(first));
        let exact = !arguments.more_keywords && !matches!(known, Some(None));
        let mut entries = known.flatten().unwrap_or_default();
        for (name, value) in &arguments.keywords {
            set_entry(&mut entries, Value::text(name.as_str()), value.clone());
        }
        arguments.values().cloned().collect::<Vec<_>>().iter().for_each(|value| self.observe_stored(value));
        self.new_dict(site, entries, exact)
    }

    fn zip(&mut self, arguments: &Arguments, site: Site) -> Value {
        let mut columns = Vec::new();
        let mut exact = true;
        for (number, value) in arguments.positional.iter().enumerate() {
            match self.elements(value, Site { slot: 16 + number as u32, ..site }) {
                Elements::Known(values) => columns.push(values),
                Elements::Each(each) => {
                    exact = false;
                    columns.push(vec![each]);
                }
            }
        }
        if !exact {
            // A set of parameters goes through as a whole.
            let row = columns.iter().zip(&arguments.positional).map(|(column, given)| if matches!(given, Value::Parameters(_)) { given.clone() } else { self.joined_values(column) }).collect();
            let row = self.tuple(row);
            return self.new_list(site, vec![row], false);
        }
        let length = columns.iter().map(Vec::len).min().unwrap_or(0);
        let rows = (0..length).map(|row| self.tuple(columns.iter().map(|column| column[row].clone()).collect())).collect();
        self.new_list(site, rows, true)
    }

    fn enumerate(&mut self, value: &Value, start: Option<&Value>, site: Site) -> Value {
        let start = start.map_or(Some(0), Value::as_int);
        let number = |at: usize| start.and_then(|start| start.checked_add(at as i64)).map_or(Value::Unknown, Value::Int);
        match self.elements(value, Site { slot: 16, ..site }) {
            Elements::Known(values) => {
                let rows = values.into_iter().enumerate().map(|(at, value)| self.tuple(vec![number(at), value])).collect();
                self.new_list(site, rows, true)
            }
            Elements::Each(each) => {
                let row = self.tuple(vec![Value::Unknown, each]);
                self.new_list(site, vec![row], false)
            }
        }
    }

    fn map(&mut self, function: &Value, arguments: &Arguments, site: Site) -> Value {
        let Some(values) = arguments.positional.get(1).cloned() else { return Value::Unknown };
        if arguments.positional.len() > 2 {
            return self.call_unknown(arguments, site);
        }
        let (values, exact) = match self.elements(&values, Site { slot: 16, ..site }) {
            Elements::Known(values) => (values, true),
            Elements::Each(each) => (vec![each], false),
        };
        let context = site.context;
        let mut results = Vec::new();
        for (number, value) in values.into_iter().enumerate() {
            let context = self.contexts.iteration(context, site.node, number as u32);
            results.push(self.call(function, Arguments::of(vec![value]), Site { context, ..site }));
        }
        self.new_list(site, results, exact)
    }

    fn filter(&mut self, function: &Value, arguments: &Arguments, site: Site) -> Value {
        let Some(values) = arguments.positional.get(1).cloned() else { return Value::Unknown };
        let is_set = matches!(values, Value::Parameters(_));
        let (members, exact) = match self.elements(&values, Site { slot: 16, ..site }) {
            Elements::Known(values) => (values, true),
            Elements::Each(each) => (vec![each], is_set),
        };
        let mut kept = Vec::new();
        let mut set = crate::step::parameters::ParameterSet::default();
        let mut certain = exact;
        for (number, value) in members.into_iter().enumerate() {
            let context = self.contexts.iteration(site.context, site.node, number as u32);
            let test = self.call(function, Arguments::of(vec![value.clone()]), Site { context, ..site });
            let truth = self.truth(&test);
            if truth == Truth::No {
                continue;
            }
            let mut members = self.parameter_set(std::slice::from_ref(&value));
            if truth == Truth::Unknown {
                certain = false;
                let sure = std::mem::take(&mut members.certain);
                members.possible.extend(sure);
            }
            set.extend(&members);
            kept.push(value);
        }
        if is_set { Value::Parameters(set.into()) } else { self.new_list(site, kept, certain) }
    }

    pub(super) fn is_instance(&mut self, value: &Value, class: &Value) -> Truth {
        if let Some(classes) = self.list_elements(class) {
            let truths: Vec<Truth> = classes.iter().map(|class| self.is_instance(value, class)).collect();
            return if truths.contains(&Truth::Yes) {
                Truth::Yes
            } else if truths.iter().all(|truth| *truth == Truth::No) {
                Truth::No
            } else {
                Truth::Unknown
            };
        }
        match (value, class) {
            (Value::Object(id), Value::Class(wanted)) => match self.state.object(*id).map(|object| (object.kind.clone(), object.class)) {
                Some((ObjectKind::Instance, Some(class))) if self.derives(class, *wanted) => Truth::Yes,
                Some((ObjectKind::Instance, Some(class))) if self.class(class).complete => Truth::No,
                Some((ObjectKind::List { .. } | ObjectKind::Dict { .. }, _)) => Truth::No,
                _ => Truth::Unknown,
            },
            (Value::Tensor(id), Value::Class(wanted)) => match self.tensors.get(*id).class {
                Some(class) if self.derives(class, *wanted) => Truth::Yes,
                _ => Truth::Unknown,
            },
            (_, Value::Function(function)) => match (&**function, value) {
                (Function::Builtin(name), _) if *name == "object" => Truth::Yes,
                (Function::Builtin(name), Value::Str(_)) => Truth::from(*name == "str"),
                (Function::Builtin(name), Value::Int(_)) => Truth::from(*name == "int"),
                (Function::Builtin(name), Value::Float(_)) => Truth::from(*name == "float"),
                (Function::Builtin(name), Value::Bool(_)) => Truth::from(*name == "bool" || *name == "int"),
                (Function::Builtin(name), Value::Tuple(_)) => Truth::from(*name == "tuple"),
                (Function::Builtin(name), Value::Object(id)) => match self.state.object(*id).map(|object| (&object.kind, object.class)) {
                    Some((ObjectKind::List { .. }, _)) => match name.as_str() {
                        "list" => Truth::Yes,
                        // Sets, and tuples of unknown length, are kept as lists too.
                        "tuple" | "set" | "frozenset" => Truth::Unknown,
                        _ => Truth::No,
                    },
                    Some((ObjectKind::Dict { .. }, _)) => Truth::from(*name == "dict"),
                    // A class that derives from a built-in one is not complete.
                    Some((ObjectKind::Instance, Some(class))) if self.class(class).complete => Truth::No,
                    _ => Truth::Unknown,
                },
                (Function::Builtin(_), Value::Tensor(_) | Value::None | Value::Function(_) | Value::Class(_) | Value::Module(_) | Value::Parameters(_)) => Truth::No,
                _ => Truth::Unknown,
            },
            (Value::None | Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_), Value::Class(_)) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    fn has_attribute(&mut self, value: &Value, name: Option<&Value>) -> Truth {
        let Some(name) = name.and_then(Value::as_text).map(Name::new) else { return Truth::Unknown };
        let Value::Object(id) = value else { return Truth::Unknown };
        let Some(object) = self.state.object(*id).cloned() else { return Truth::Unknown };
        if object.attributes.get(name).is_some() && matches!(object.kind, ObjectKind::Instance) {
            return Truth::Yes;
        }
        match object.class {
            Some(class) if matches!(object.kind, ObjectKind::Instance) && self.find_method(class, name).is_some() => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    fn extreme(&mut self, largest: bool, arguments: &Arguments) -> Value {
        let values = match arguments.positional.as_slice() {
            [single] => self.list_elements(single).unwrap_or_default(),
            several => several.to_vec(),
        };
        let numbers: Option<Vec<i64>> = values.iter().map(Value::as_int).collect();
        let Some(numbers) = numbers.filter(|_| arguments.keywords.is_empty()) else {
            arguments.values().chain(&values).for_each(|value| self.observe(value));
            return Value::Unknown;
        };
        let found = if largest { numbers.iter().max() } else { numbers.iter().min() };
        found.map_or(Value::Unknown, |&number| Value::Int(number))
    }

    /// `sum(losses)` of a list of tensors is a tensor.
    fn sum(&mut self, value: &Value, start: Option<&Value>, site: Site) -> Value {
        let Some(values) = self.list_elements(value) else {
            let inputs = self.tensors_in(std::slice::from_ref(value));
            return if inputs.is_empty() { Value::Unknown } else { self.derived_tensor(value, site) };
        };
        let mut total = start.cloned().unwrap_or(Value::Int(0));
        for (number, value) in values.iter().enumerate() {
            total = self.binary(crate::syntax::hir::BinaryOp::Add, &total, value, Site { slot: 32 + number as u32, ..site });
        }
        total
    }
}
