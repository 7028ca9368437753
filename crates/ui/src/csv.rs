//! Rows for spreadsheets: semicolons and a byte order mark, which French spreadsheets expect.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// A file of rows being written.
#[derive(Debug, Clone)]
pub struct Csv(String);

impl Csv {
    /// A file with these columns.
    pub fn new<T: AsRef<str>>(colonnes: impl IntoIterator<Item = T>) -> Self {
        let mut csv = Self(String::from("\u{feff}"));
        csv.ligne(colonnes);
        csv
    }

    /// Adds a row; a spreadsheet must not take a cell that begins like a formula for one.
    pub fn ligne<T: AsRef<str>>(&mut self, cellules: impl IntoIterator<Item = T>) {
        for (rang, cellule) in cellules.into_iter().enumerate() {
            let cellule = cellule.as_ref();
            if rang > 0 {
                self.0.push(';');
            }
            let garde = if cellule.starts_with(['=', '+', '-', '@', '\t']) {
                "'"
            } else {
                ""
            };
            self.0.push('"');
            self.0.push_str(garde);
            self.0.push_str(&cellule.replace('"', "\"\""));
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }

    /// The file as an answer to save, under a name of plain letters.
    pub fn reponse(self, nom: &str) -> Response {
        let disposition = HeaderValue::try_from(format!("attachment; filename=\"{nom}.csv\""))
            .unwrap_or(HeaderValue::from_static("attachment"));
        let entetes = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/csv; charset=utf-8"),
            ),
            (header::CONTENT_DISPOSITION, disposition),
        ];
        (entetes, self.0).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_cellule_ne_devient_ni_formule_ni_colonne() {
        let mut csv = Csv::new(["nom", "note"]);
        csv.ligne(["=1+1", "dit \"bon\"; sûr"]);
        assert_eq!(
            csv.0,
            "\u{feff}\"nom\";\"note\"\r\n\"'=1+1\";\"dit \"\"bon\"\"; sûr\"\r\n"
        );
    }
}
