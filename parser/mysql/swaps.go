package mysql

import (
	"fmt"
	"strings"
	"unicode"

	"godwit/ir"
)

// apart has the renamings of one ALTER TABLE done one after the other, where they are done at once on the source: a column whose new
// name is still that of another gets a third name until that one has gone. Other actions come behind them. They must not name a
// column that takes part, since what they mean by the name depends on the moment; keys alone are of the columns as they are in the
// end (MySQL Reference Manual, ALTER TABLE Statement). Where that is not known of all actions, the statement stays as it is.
func apart(actions []*ir.AlterAction) []*ir.AlterAction {
	if len(actions) < 2 {
		return actions
	}
	var renamings, others []*ir.AlterAction
	last := map[string]int{}   // where a name is given up
	names := map[string]bool{} // given up and taken
	for _, a := range actions {
		switch {
		case a.Kind != "rename column" && a.Kind != "change column":
			others = append(others, a)
			continue
		case a.IfExists || a.Position != "":
			return actions
		}
		last[strings.ToLower(a.Old.Text)] = len(renamings)
		names[strings.ToLower(a.Old.Text)], names[strings.ToLower(newName(a))] = true, true
		renamings = append(renamings, a)
	}
	behind := map[int][]*ir.AlterAction{}
	waits := map[int]bool{}
	for i, a := range renamings {
		name := newName(a)
		at := last[strings.ToLower(name)]
		if strings.EqualFold(name, a.Old.Text) || at <= i {
			continue
		}
		waits[i] = true
		behind[at] = append(behind[at], a)
	}
	if len(waits) == 0 {
		return actions
	}
	for _, a := range others {
		if !aside(a, names) {
			return actions
		}
	}
	var out []*ir.AlterAction
	for i, a := range renamings {
		if waits[i] {
			third := ir.Ident{Text: fmt.Sprintf("%s%d", ir.ThirdName, i+1)}
			first := &ir.AlterAction{PartMeta: a.PartMeta, Kind: "rename column", Old: a.Old, New: ir.QName{Parts: []ir.Ident{third}, Span: a.Span}, Text: a.Text}
			a.Old = third
			a = first
		}
		out = append(append(out, a), behind[i]...)
	}
	return append(out, others...)
}

// aside tells that an action means the same behind the renamings of columns that have these names before or afterwards.
func aside(a *ir.AlterAction, names map[string]bool) bool {
	switch a.Kind {
	case "add key":
		if a.Key != nil && plainParts(a.Key) {
			return true
		}
	case "add column", "drop column", "modify column", "alter default", "rename key", "drop key", "drop primary", "drop constraint", "drop foreign", "drop check", "add check", "add foreign":
	default:
		return false
	}
	text := strings.ToLower(a.Span.Text())
	for _, w := range strings.FieldsFunc(text, notOfName) {
		if names[w] {
			return false
		}
	}
	for n := range names { // in quotes a name is any text
		if strings.ContainsFunc(n, notOfName) && strings.Contains(text, n) {
			return false
		}
	}
	return true
}

func notOfName(r rune) bool {
	return r != '_' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// plainParts tells that a key is of columns and not of expressions.
func plainParts(k *ir.KeyDef) bool {
	for _, p := range k.Parts {
		if p.Expr != nil || p.Column.Text == "" {
			return false
		}
	}
	return true
}

// newName is the name that a column gets.
func newName(a *ir.AlterAction) string {
	if a.Kind == "change column" {
		return a.Column.Name.Text
	}
	return a.New.Name()
}
