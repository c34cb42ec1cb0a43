package altertable

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite/keys"
	"godwit/ir/rewrite/partitions"
)

var numberedRows = &diag.Code{
	ID: "DD0741", Title: "numbers of rows that exist", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "A new AUTO_INCREMENT column numbers the rows that exist in the order of the primary key, or of the first unique key without NULL: the source keeps them so (MySQL Reference Manual, Clustered and Secondary Indexes). " +
		"A table without such a key is numbered in the order in which its rows came, on the target in that in which they are stored. It is assumed that they are the same.",
	Next: "Compare the numbers, if anything refers to them and rows were changed or deleted before.",
}

// numbered puts the rows in the source's order before a new AUTO_INCREMENT column numbers them.
func (l *lowering) numbered() {
	at := slices.IndexFunc(l.at.Actions, func(a *ir.AlterAction) bool {
		return a.Kind == "add column" && a.Column.Identity != nil
	})
	if at < 0 || l.p.Unit.PLSQL {
		return
	}
	if k := l.clustered(); k != nil && k.Target != "" {
		l.add(&ir.RawStmt{Text: "CLUSTER " + quote(l.s.Target()) + " USING " + quote(ir.Qualified("", k.Target))})
		return
	}
	l.p.Report(numberedRows, l.at.Actions[at].Span, "column %s", l.at.Actions[at].Column.Name.Text)
}

// clustered is the key by which the source keeps the rows when the statement begins; nil where it is not known, or the target has
// no index in that order.
func (l *lowering) clustered() *catalog.Key {
	t := l.s.Table
	if t == nil || partitions.Divided(l.p, t) {
		return nil
	}
	var first *catalog.Key
	for _, k := range l.before(t) {
		if k.Kind == catalog.Primary {
			first = k
			break
		}
		if first == nil && k.Kind == catalog.Unique && l.filled(t, k) {
			first = k
		}
	}
	if first == nil || slices.ContainsFunc(first.Parts, func(p catalog.KeyPart) bool { return p.Desc || p.Prefix > 0 || p.Column == "" }) {
		return nil
	}
	return first
}

// before are the keys that the table has before the statement, nil where the statement takes away one whose place is not known.
func (l *lowering) before(t *catalog.Table) []*catalog.Key {
	var gone []*catalog.Key
	added := map[*catalog.Key]bool{}
	for _, a := range l.at.Actions {
		switch {
		case a.Dropped != nil && a.Dropped.Kind == catalog.Primary:
			return []*catalog.Key{a.Dropped}
		case a.Dropped != nil && a.Dropped.Kind == catalog.Unique:
			gone = append(gone, a.Dropped)
		case a.Kind == "add key":
			added[keys.Find(t, a.Key, added)] = true
		case a.Column != nil && (a.Column.Primary || a.Column.Unique):
			for _, k := range t.Keys {
				if len(k.Parts) == 1 && k.Parts[0].Column == a.Column.Name.Text && (k.Kind == catalog.Primary) == a.Column.Primary {
					added[k] = true
				}
			}
		}
	}
	out := slices.DeleteFunc(slices.Clone(t.Keys), func(k *catalog.Key) bool { return added[k] })
	if len(gone) > 0 && !slices.ContainsFunc(out, func(k *catalog.Key) bool { return k.Kind == catalog.Primary }) {
		return nil
	}
	return out
}

// filled tells that no column of a key can be NULL, neither before the statement nor behind it.
func (l *lowering) filled(t *catalog.Table, k *catalog.Key) bool {
	return !slices.ContainsFunc(k.Parts, func(p catalog.KeyPart) bool {
		c := t.Column(p.Column)
		return c == nil || c.Nullable || slices.ContainsFunc(l.at.Actions, func(a *ir.AlterAction) bool {
			return a.Column != nil && a.Column.Name.Text == p.Column
		})
	})
}
