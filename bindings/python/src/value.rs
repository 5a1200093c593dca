//! Python values to JSON and back, written out by hand: half the time of the way by `json.dumps` and a text (bindings/python's
//! README has the figures). What has no JSON is said with its pointer, and is never guessed at.

use std::path::Path;

use bailiwick_surface::{Ask, Code, Problems, REQUEST_BYTES_MAX, REQUEST_DEPTH_MAX, RequestProblem};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyNone, PyString, PyTuple};
use serde_json::{Map, Number, Value as Json};

/// A request or a state: a dict, or its JSON as text or bytes.
pub(crate) fn ask<'a>(value: &'a Bound<'_, PyAny>) -> Ask<'a> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return match std::str::from_utf8(bytes.as_bytes()) {
            Ok(text) => Ask::Text(text),
            Err(error) => {
                let message = format!("not UTF-8 from byte {} on", error.valid_up_to());
                refused("not-json", message)
            }
        };
    }
    let mut reader = Reader::default();
    if let Ok(text) = value.cast::<PyString>() {
        return match reader.text(text) {
            Some(text) => Ask::OwnedText(text),
            None => Ask::Refused(reader.problems),
        };
    }
    let json = reader.read(value);
    match reader.problems.is_empty() {
        true => Ask::Value(json),
        false => Ask::Refused(reader.problems),
    }
}

fn refused(code: &'static str, message: String) -> Ask<'static> {
    let mut problems = Problems::default();
    problems.push(problem(code, String::new(), message));
    Ask::Refused(problems)
}

fn problem(code: &'static str, pointer: String, message: String) -> RequestProblem {
    RequestProblem {
        pointer,
        code: Code(code),
        message,
        help: None,
    }
}

/// Policies, tests or a record as JSON text.
pub(crate) fn text_of(value: &Bound<'_, PyAny>) -> PyResult<String> {
    // Policies are as large as files; the bound on requests is none for them.
    let mut reader = Reader {
        left: usize::MAX,
        ..Reader::default()
    };
    let json = reader.read(value);
    match reader.problems.is_empty() {
        true => Ok(json.to_string()),
        false => Err(PyTypeError::new_err(reader.problems.to_string())),
    }
}

/// A record that was kept: a dict, or its JSON as text or bytes.
pub(crate) fn kept(record: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(bytes) = record.cast::<PyBytes>() {
        return Ok(String::from_utf8(bytes.as_bytes().to_vec())?);
    }
    match record.is_instance_of::<PyString>() {
        true => record.extract(),
        false => text_of(record),
    }
}

/// Any kind of list, each of its items a dict or its JSON as text or bytes, as a JSON list.
pub(crate) fn list_of(values: &Bound<'_, PyAny>) -> PyResult<String> {
    let one = values.is_instance_of::<PyString>() || values.is_instance_of::<PyBytes>();
    if one || values.is_instance_of::<PyDict>() {
        let message = format!("expected a list, found `{}`", type_of(values));
        return Err(PyTypeError::new_err(message));
    }
    let items: Vec<String> = values
        .try_iter()?
        .map(|value| kept(&value?))
        .collect::<PyResult<_>>()?;
    Ok(Json::from(items).to_string())
}

/// Texts of any kind of list. A text by itself is none, though Python would give its letters.
pub(crate) fn texts(values: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if values.is_instance_of::<PyString>() || values.is_instance_of::<PyBytes>() {
        return Err(PyTypeError::new_err("expected a list of texts, found a text"));
    }
    values.try_iter()?.map(|value| value?.extract()).collect()
}

/// A path as the surface takes it.
pub(crate) fn path(path: &Path) -> PyResult<&str> {
    path.to_str()
        .ok_or_else(|| PyValueError::new_err(format!("the path is not UTF-8: {}", path.display())))
}

/// Reads Python values as JSON.
struct Reader<'py> {
    problems: Problems,
    /// The way to where it reads: keys and places in lists.
    way: Vec<Step<'py>>,
    /// How much it still reads, so that a value that holds itself ends.
    left: usize,
}

enum Step<'py> {
    Key(Bound<'py, PyAny>),
    Place(usize),
}

impl Default for Reader<'_> {
    fn default() -> Self {
        Reader {
            problems: Problems::default(),
            way: Vec::new(),
            left: REQUEST_BYTES_MAX,
        }
    }
}

impl<'py> Reader<'py> {
    fn read(&mut self, value: &Bound<'py, PyAny>) -> Json {
        self.spend(1);
        if self.left == 0 {
            return Json::Null;
        }
        // In the order of how often they come.
        if let Ok(text) = value.cast::<PyString>() {
            return self.text(text).map_or(Json::Null, Json::String);
        }
        if let Ok(dict) = value.cast::<PyDict>() {
            return self.dict(dict);
        }
        if let Ok(list) = value.cast::<PyList>() {
            return self.items(list.iter());
        }
        if value.cast::<PyNone>().is_ok() {
            return Json::Null;
        }
        // A truth is a whole number to Python, so it is asked first.
        if let Ok(truth) = value.cast::<PyBool>() {
            return Json::Bool(truth.is_true());
        }
        if let Ok(whole) = value.cast::<PyInt>() {
            return self.whole(whole);
        }
        if let Ok(number) = value.cast::<PyFloat>() {
            return self.number(number.value());
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            return self.items(tuple.iter());
        }
        match value.cast::<PyMapping>() {
            Ok(mapping) => self.mapping(mapping),
            Err(_) => self.no_json(value),
        }
    }

    /// A mapping of another kind, as the dict of its items.
    fn mapping(&mut self, mapping: &Bound<'py, PyMapping>) -> Json {
        let items = mapping.items().and_then(|items| PyDict::from_sequence(&items));
        match items {
            Ok(dict) => self.dict(&dict),
            Err(_) => self.no_json(mapping),
        }
    }

    fn dict(&mut self, dict: &Bound<'py, PyDict>) -> Json {
        if self.is_too_deep() {
            return Json::Null;
        }
        let mut read = Map::new();
        for (key, value) in dict.iter() {
            if self.left == 0 {
                break;
            }
            let Some(name) = key.cast::<PyString>().ok().and_then(|key| self.text(key)) else {
                let message = format!("expected a key that is text, found `{}`", type_of(&key));
                self.wrong("wrong-type", message);
                continue;
            };
            self.way.push(Step::Key(key));
            let value = self.read(&value);
            self.way.pop();
            read.insert(name, value);
        }
        Json::Object(read)
    }

    fn items(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>) -> Json {
        if self.is_too_deep() {
            return Json::Null;
        }
        let mut read = Vec::new();
        for (place, item) in items.enumerate() {
            if self.left == 0 {
                break;
            }
            self.way.push(Step::Place(place));
            read.push(self.read(&item));
            self.way.pop();
        }
        Json::Array(read)
    }

    fn text(&mut self, text: &Bound<'py, PyString>) -> Option<String> {
        match text.to_cow() {
            Ok(text) => {
                self.spend(text.len());
                Some(text.into_owned())
            }
            Err(_) => {
                self.wrong(
                    "lone-surrogate",
                    "the text holds half of a surrogate pair".to_owned(),
                );
                None
            }
        }
    }

    /// One beyond 64 bits is refused by the engine for its size, so that it need only arrive as large.
    fn whole(&mut self, whole: &Bound<'py, PyInt>) -> Json {
        match whole.extract::<i64>() {
            Ok(whole) => Json::from(whole),
            Err(_) => self.number(whole.extract::<f64>().unwrap_or(f64::MAX)),
        }
    }

    fn number(&mut self, number: f64) -> Json {
        Number::from_f64(number).map_or_else(
            || {
                let message = format!("`{number}` is no number");
                self.wrong("not-a-number", message);
                Json::Null
            },
            Json::Number,
        )
    }

    fn no_json(&mut self, value: &Bound<'py, PyAny>) -> Json {
        let message = format!(
            "expected a dict, list, text, number, bool or None, found `{}`",
            type_of(value)
        );
        self.wrong("wrong-type", message);
        Json::Null
    }

    fn is_too_deep(&mut self) -> bool {
        let deep = REQUEST_DEPTH_MAX <= self.way.len();
        if deep {
            self.wrong(
                "request-too-deep",
                format!("nested deeper than {REQUEST_DEPTH_MAX} levels"),
            );
        }
        deep
    }

    fn spend(&mut self, bytes: usize) {
        let had = self.left;
        self.left = had.saturating_sub(bytes);
        if self.left == 0 && 0 < had {
            let message = format!("expected at most {REQUEST_BYTES_MAX} bytes");
            self.problems
                .push(problem("request-too-long", String::new(), message));
        }
    }

    fn wrong(&mut self, code: &'static str, message: String) {
        let pointer = self.way.iter().map(Step::in_pointer).collect();
        self.problems.push(problem(code, pointer, message));
    }
}

impl Step<'_> {
    fn in_pointer(&self) -> String {
        match self {
            Step::Place(place) => format!("/{place}"),
            Step::Key(key) => format!("/{}", key.to_string().replace('~', "~0").replace('/', "~1")),
        }
    }
}

fn type_of(value: &Bound<'_, PyAny>) -> String {
    let name = value.get_type().name();
    name.map_or_else(|_| "?".to_owned(), |name| name.to_string())
}

/// A JSON text of the surface as Python values.
pub(crate) fn from_text<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let json: Json = serde_json::from_str(text).map_err(|error| PyValueError::new_err(error.to_string()))?;
    from_json(py, &json)
}

/// JSON as Python values.
pub(crate) fn from_json<'py>(py: Python<'py>, json: &Json) -> PyResult<Bound<'py, PyAny>> {
    match json {
        Json::Null => Ok(py.None().into_bound(py)),
        Json::Bool(truth) => truth.into_bound_py_any(py),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into_bound_py_any(py),
            (None, number) => number.into_bound_py_any(py),
        },
        Json::String(text) => text.into_bound_py_any(py),
        Json::Array(items) => {
            let items: Vec<Bound<'py, PyAny>> = items
                .iter()
                .map(|item| from_json(py, item))
                .collect::<PyResult<_>>()?;
            PyList::new(py, items)?.into_bound_py_any(py)
        }
        Json::Object(keys) => {
            let dict = PyDict::new(py);
            for (key, value) in keys {
                dict.set_item(PyString::intern(py, key), from_json(py, value)?)?;
            }
            dict.into_bound_py_any(py)
        }
    }
}
