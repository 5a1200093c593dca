//! The audit log as a file: the native object behind the JavaScript one.

use bailiwick_surface as surface;
use napi::Result;
use napi_derive::napi;

use crate::error;

/// An audit log as a file, open for appending.
#[napi]
pub struct AuditLog {
    inner: surface::AuditLog,
}

#[napi]
impl AuditLog {
    /// Opens a log, and makes it where there is none.
    #[napi(factory)]
    pub fn open(path: String, unsynced: bool) -> Result<AuditLog> {
        let inner = surface::AuditLog::open(&path, unsynced).map_err(error::audit)?;
        Ok(AuditLog { inner })
    }

    /// The path that it was opened by.
    #[napi]
    pub fn path(&self) -> String {
        self.inner.path().to_owned()
    }

    /// Appends events, a JSON list.
    #[napi]
    pub fn append(&self, events: String) -> Result<i64> {
        let last = self.inner.append(&events).map_err(error::refusal)?;
        Ok(i64::try_from(last).unwrap_or(i64::MAX))
    }

    /// How far the log has come.
    #[napi]
    pub fn checkpoint(&self, name: String, created_at: String) -> Result<String> {
        self.inner.checkpoint(&name, &created_at).map_err(error::audit)
    }

    /// All entries, or those of a run.
    #[napi]
    pub fn entries(&self, run: Option<String>) -> Result<String> {
        self.inner.entries(run.as_deref()).map_err(error::audit)
    }

    /// The lines that a reader may see.
    #[napi]
    pub fn export(
        &self,
        reader: String,
        now: String,
        audit_id: String,
        run: Option<String>,
        access: Option<String>,
        record: Option<String>,
    ) -> Result<String> {
        let asked = surface::Export {
            reader: &reader,
            now: &now,
            audit_id: &audit_id,
            run: run.as_deref(),
            access: access.as_deref(),
            record: record.as_deref(),
        };
        self.inner.export(asked).map_err(error::refusal)
    }
}
