//! The little of CBOR that passkeys need: maps whose keys are texts or small integers.

use ciborium::Value;

/// A map.
pub(crate) struct Map(Vec<(Value, Value)>);

impl Map {
    /// Reads a map from the start of these bytes, and moves them past it.
    pub(crate) fn read(bytes: &mut &[u8]) -> Option<Self> {
        ciborium::from_reader::<Value, _>(bytes).ok()?.into_map().ok().map(Self)
    }

    fn get(&self, is_key: impl Fn(&Value) -> bool) -> Option<&Value> {
        self.0.iter().find(|(key, _)| is_key(key)).map(|(_, value)| value)
    }

    /// The bytes under a text.
    pub(crate) fn named(&self, key: &str) -> Option<&[u8]> {
        self.get(|k| k.as_text() == Some(key))?.as_bytes().map(Vec::as_slice)
    }

    fn numbered(&self, key: i64) -> Option<&Value> {
        self.get(|k| k.as_integer() == Some(key.into()))
    }

    /// The bytes under a number.
    pub(crate) fn bytes(&self, key: i64) -> Option<&[u8]> {
        self.numbered(key)?.as_bytes().map(Vec::as_slice)
    }

    /// The integer under a number.
    pub(crate) fn integer(&self, key: i64) -> Option<i64> {
        self.numbered(key)?.as_integer()?.try_into().ok()
    }
}
