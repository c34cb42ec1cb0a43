package mysql

import (
	"fmt"
	"strings"

	"godwit/ir"
)

// apart has the renamings of one ALTER TABLE done one after the other, where they are done at once on the source: a column whose new
// name is still that of another gets a third name until that one has gone. Statements that do anything else than rename columns
// stay as they are: what their other actions mean by a name depends on the moment.
func apart(actions []*ir.AlterAction) []*ir.AlterAction {
	if len(actions) < 2 {
		return actions
	}
	last := map[string]int{} // where a name is given up
	for i, a := range actions {
		switch {
		case a.IfExists || a.Position != "", a.Kind != "rename column" && a.Kind != "change column":
			return actions
		}
		last[strings.ToLower(a.Old.Text)] = i
	}
	behind := map[int][]*ir.AlterAction{}
	var out []*ir.AlterAction
	for i, a := range actions {
		name := newName(a)
		if at := last[strings.ToLower(name)]; !strings.EqualFold(name, a.Old.Text) && at > i {
			third := ir.Ident{Text: fmt.Sprintf("%s%d", ir.ThirdName, i+1)}
			first := &ir.AlterAction{PartMeta: a.PartMeta, Kind: "rename column", Old: a.Old, New: ir.QName{Parts: []ir.Ident{third}, Span: a.Span}, Text: a.Text}
			a.Old = third
			behind[at] = append(behind[at], a)
			a = first
		}
		out = append(append(out, a), behind[i]...)
	}
	return out
}

// newName is the name that a column gets.
func newName(a *ir.AlterAction) string {
	if a.Kind == "change column" {
		return a.Column.Name.Text
	}
	return a.New.Name()
}
