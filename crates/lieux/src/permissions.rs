//! Who may do what with places.

socle::permissions! {
    /// Run the search for duplicates, decide on a pair, undo a merge.
    DeciderDoublons: Operateur Partout;
}
