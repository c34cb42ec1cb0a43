package godwit

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// keyHasIndex is told of an index that a constraint makes on the target.
var keyHasIndex = &diag.Code{
	ID: "CN0783", Title: "Index that a constraint brings along", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "Exports of Oracle list the index of a primary key or unique constraint as a statement of its own, with the name and the columns of the constraint. On the target the constraint makes that index itself, and two of that name there cannot be: the statement is left out.",
	Next: "Nothing.",
}

// keyIndexes leaves out the indexes that constraints of the same name, table and columns make.
func (p *pipeline) keyIndexes(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	keys := map[string]*ir.KeyDef{}
	renamed := map[string]bool{}
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		switch s := u.Stmts[0].(type) {
		case *ir.CreateTable:
			for _, k := range s.Keys {
				noteKey(keys, u, s.Name, k)
			}
		case *ir.AlterTable:
			for _, a := range s.Actions {
				if s.Table == nil {
					break
				}
				noteKey(keys, u, s.Table.Name, a.Key)
				renamed[strings.ToUpper(a.Old.Text)] = true
			}
		case *ir.RenameIndex:
			renamed[strings.ToUpper(s.Name.Name())] = true
		case *ir.Drop:
			for _, q := range s.Names {
				renamed[strings.ToUpper(q.Name())] = true
			}
		}
	}
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		s, ok := u.Stmts[0].(*ir.CreateIndex)
		if !ok || s.Table == nil || s.Key == nil || renamed[strings.ToUpper(s.Key.Name.Text)] {
			continue
		}
		if k := keys[keyOfTable(u, s.Table.Name, s.Key)]; k != nil && sameColumns(s.Key, k) {
			u.Report(keyHasIndex.New(u.Source, "constraint %s makes index %s", k.Name.Text, s.Key.Name.Text))
			u.Stmts, u.Kind = nil, ""
		}
	}
}

func keyOfTable(u *Unit, table ir.QName, k *ir.KeyDef) string {
	return relationKey(u, table) + "\x00" + k.Name.Text
}

// noteKey notes a constraint that the target makes an index for.
func noteKey(keys map[string]*ir.KeyDef, u *Unit, table ir.QName, k *ir.KeyDef) {
	if k == nil || k.Name.Text == "" || k.Kind != catalog.Primary && k.Kind != catalog.Unique || k.State != (ir.ConstraintState{}) {
		return
	}
	keys[keyOfTable(u, table, k)] = k
}

// sameColumns tells that an index is a plain one of the columns of a constraint.
func sameColumns(x, k *ir.KeyDef) bool {
	if len(x.Parts) != len(k.Parts) || x.Flavor != "" || x.Unusable || x.Invisible {
		return false
	}
	for i, a := range x.Parts {
		if b := k.Parts[i]; a.Expr != nil || b.Expr != nil || a.Desc || a.Prefix != 0 || a.Column.Text != b.Column.Text {
			return false
		}
	}
	return true
}
