//! Dated values, by the same tests on SQLite and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use jiff::civil::date;
use socle::{
    clock::Day,
    db::{Engine, Statement, Tx},
    ids::Ids,
    params,
    reference::{self, Key, NewValue, Number, Origin, Unit, Value, on, timeline},
    testing::{databases, instant},
};

const DELAI: Key<i64> = Key::number(
    "essai.delai",
    "Délai",
    Number {
        unit: Unit::Days,
        least: 5,
        most: 90,
        first: 30,
    },
    Origin {
        from: date(2026, 1, 1),
        source: "Règle de départ",
    },
);
const PUBLICS: Key<Vec<String>> = Key::codes(
    "essai.publics",
    "Publics",
    (&[("jeunes", "Jeunes"), ("seniors", "Seniors")], &["jeunes"]),
    Origin {
        from: date(2026, 1, 1),
        source: "Règle de départ",
    },
);

async fn dire(tx: &mut Tx, ids: &Ids, (from, turn): (Day, i64), value: Option<i64>) -> bool {
    let value = value.map(Value::Number);
    let nouvelle = NewValue {
        id: ids.next(instant()),
        from,
        turn,
        value: value.as_ref(),
        source: "Arrêté d’essai",
        author: None,
        author_role: "Administration",
        at: instant(),
    };
    reference::record(tx, &DELAI.reference, nouvelle).await.unwrap()
}

#[tokio::test]
async fn une_regle_lit_la_valeur_du_jour_et_l_historique_dit_la_meme() {
    for test in databases().await {
        let (ids, mut tx) = (Ids::seeded(1), test.db.write().await.unwrap());
        assert_eq!(reference::value(&mut tx, &DELAI, date(2026, 3, 3)).await.unwrap(), 30);
        for (quand, valeur) in [
            ((date(2026, 4, 1), 1), Some(40)),
            ((date(2026, 3, 10), 1), Some(20)),
            ((date(2026, 4, 1), 2), None),
            ((date(2026, 4, 1), 3), Some(45)),
            ((date(2026, 5, 1), 1), Some(60)),
            ((date(2026, 5, 1), 2), None),
        ] {
            assert!(dire(&mut tx, &ids, quand, valeur).await);
        }
        assert!(
            !dire(&mut tx, &ids, (date(2026, 4, 1), 1), Some(41)).await,
            "the same turn of a day is said once"
        );
        let ligne = timeline(
            &DELAI.reference,
            &reference::history(&mut tx, &DELAI.reference).await.unwrap(),
        );
        for (jour, attendue) in [
            (date(2025, 12, 31), 30),
            (date(2026, 3, 9), 30),
            (date(2026, 3, 10), 20),
            (date(2026, 3, 31), 20),
            (date(2026, 4, 1), 45),
            (date(2026, 6, 1), 45),
        ] {
            let lue = reference::value(&mut tx, &DELAI, jour).await.unwrap();
            assert_eq!(lue, attendue, "{jour}");
            assert_eq!(on(&ligne, jour).unwrap().value, Value::Number(attendue), "{jour}");
        }
        let tout = reference::all(&mut tx, &[DELAI.reference, PUBLICS.reference])
            .await
            .unwrap();
        assert_eq!((tout.len(), tout["essai.delai"].len()), (1, 6));
        let publics = reference::value(&mut tx, &PUBLICS, date(2026, 3, 3)).await.unwrap();
        assert_eq!(publics, ["jeunes"]);
    }
}

#[tokio::test]
async fn une_valeur_enregistree_ne_se_modifie_ni_ne_s_efface() {
    for test in databases().await {
        let (ids, mut tx) = (Ids::seeded(1), test.db.write().await.unwrap());
        assert!(dire(&mut tx, &ids, (date(2026, 4, 1), 1), Some(40)).await);
        tx.commit().await.unwrap();
        let of_engine = match test.db.engine() {
            Engine::Sqlite => {
                "INSERT OR REPLACE INTO reference_value SELECT id, key, from_day, turn, '90', source, author, author_role, recorded_at FROM reference_value"
            }
            Engine::Postgres => "TRUNCATE reference_value",
        };
        for statement in [
            "UPDATE reference_value SET value = '90'",
            "DELETE FROM reference_value",
            of_engine,
        ] {
            let mut tx = test.db.write().await.unwrap();
            match tx.execute(Statement(statement), &params![]).await {
                // SQLite writes nothing over what is there.
                Ok(rows) => assert_eq!((rows, statement), (0, of_engine)),
                Err(error) => assert!(
                    error.to_string().contains("une valeur de référence ne se modifie pas"),
                    "{error}"
                ),
            }
        }
        let mut tx = test.db.read().await.unwrap();
        assert_eq!(reference::value(&mut tx, &DELAI, date(2026, 4, 1)).await.unwrap(), 40);
    }
}
