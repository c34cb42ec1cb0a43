package oracle

import (
	"strings"

	"godwit/ir"
)

// constraintChange reads MODIFY CONSTRAINT: which constraint, and its new state. What the state does not name stays.
func (p *parser) constraintChange(i int) *ir.AlterAction {
	a := p.constraintOf()
	from := p.Pos
	a.State = p.constraintState()
	named := func(words ...string) bool {
		for j := from; j < p.Pos; j++ {
			for _, w := range words {
				if p.isAt(j, w) {
					return true
				}
			}
		}
		return false
	}
	if named("CASCADE") {
		a.Text = "cascade"
	}
	switch {
	case named("DISABLE") && named("VALIDATE"):
		p.giveUp(i, codeConstruct, "DISABLE VALIDATE, which lets no row of the table be changed,")
	case named("DISABLE"):
		a.Kind = "disable constraint"
	case named("ENABLE"):
		a.Kind = "enable constraint"
	case named("INITIALLY"):
		a.Kind = "time constraint"
	case named("RELY", "NORELY"):
		a.Kind = "option"
	default:
		p.giveUp(i, codeConstruct, "MODIFY CONSTRAINT without ENABLE or DISABLE")
	}
	a.Span = p.SpanFrom(i)
	return a
}

// enableAction reads ENABLE and DISABLE.
func (p *parser) enableAction(i int) *ir.AlterAction {
	verb := strings.ToLower(p.upper(p.Next()))
	validate, novalidate := p.acceptWord("VALIDATE"), p.acceptWord("NOVALIDATE")
	switch {
	case p.acceptWord("CONSTRAINT"), p.isWords("PRIMARY", "KEY"), p.is("UNIQUE"):
		a := p.constraintOf()
		for p.is("CASCADE") || p.constraintStorage() {
			if p.acceptWord("CASCADE") {
				a.Text = "cascade"
			}
		}
		if validate && verb == "disable" {
			p.giveUp(i, codeConstruct, "DISABLE VALIDATE, which lets no row of the table be changed,")
		}
		a.Kind, a.State.NoValidate = verb+" constraint", novalidate
		return a
	case p.acceptWords("ALL", "TRIGGERS"):
		return &ir.AlterAction{Kind: verb + " triggers", Text: p.Source(i)}
	case p.acceptWords("ROW", "MOVEMENT"), p.acceptWords("TABLE", "LOCK"):
		return &ir.AlterAction{Kind: "option", Text: p.Source(i)}
	}
	p.Fail("CONSTRAINT", "ALL TRIGGERS", "ROW MOVEMENT")
	return nil
}
