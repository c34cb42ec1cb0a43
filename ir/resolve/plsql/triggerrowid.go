package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
)

var keyOfRow = &diag.Code{
	ID: "NM0784", Title: "ROWID of a trigger's row is the primary key", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `:OLD.ROWID and :NEW.ROWID become the value of the table's primary key, a single column, as ROWIDs do that are kept for later statements (QY0755). Assumed: the trigger reads the ROWID of a row that there is (not the old one ` +
		`where it inserts, nor the new one where it deletes), nobody changes the key of the row while its ROWID is kept, and nobody takes a ROWID apart.`,
	Next: "Read the key itself, and find the row by it.", Each: 0.1,
}

// triggerRowid is the ROWID of a trigger's old or new row (PL/SQL Language Reference, "Correlation Names and Pseudorecords"), nil if the name is none or
// nothing stands for it. A row that is still to be inserted has no ROWID, and its key may change.
func (r *Resolver) triggerRowid(t *trigger, n *ir.Name, isNew bool) ir.Expr {
	if t.table == nil || len(n.Parts) != 2 || n.Parts[1].Quoted || n.Parts[1].Text != "ROWID" {
		return nil
	}
	if strings.HasPrefix(t.timing, "instead") || isNew && !strings.HasPrefix(t.timing, "after") {
		return nil
	}
	c := t.table.RowKey()
	if c == nil {
		return nil
	}
	n.Parts[1] = ir.Ident{Text: c.Name, Quoted: n.Parts[1].Quoted}
	n.Ref, n.Type = &ir.RowRef{New: isNew, Table: t.table, Column: c}, c.Type
	r.note(keyOfRow, n.Span, "%s of table %s is its key %s", strings.TrimPrefix(text(n), ":"), t.table.Name, c.Name)
	return r.toText(n)
}
