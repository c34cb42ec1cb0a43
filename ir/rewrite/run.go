package rewrite

import "godwit/ir"

// Session is what a rule has to know of the statements before it in the same session: whether a transaction is open,
// what the last statement left behind. Convert and Translate keep one for all units.
type Session struct {
	// Values are facts about objects by name; each rule family documents its own keys.
	Values map[string]any
	// State is what lasts as long as a session of the source: the transaction that is open, settings, prepared
	// statements. Each rule family documents its own keys.
	State map[string]any
	// InOrder tells that the target's statements run one after another in one session (translate). Otherwise they go to
	// a file for each object (convert), where statements about the session have no meaning.
	InOrder bool
	// InTurn tells the same of convert, for a script that a folder keeps in one file because it changes tables on its way; Unseen that rows stand
	// between its statements which are not among the units.
	InTurn, Unseen bool
	// Script are the units of the script in order, At the place of the one that is rewritten: statements behind it may ask
	// for what it has to leave in the session.
	Script []*ir.Unit
	At     int
	// Callers are the statements that come behind a catalog: what they call in blocks with handlers may need another form.
	Callers []*ir.Unit
}

// NewSession starts a session.
func NewSession() *Session { return &Session{Values: map[string]any{}, State: map[string]any{}} }

// Ordered tells that the definitions, too, run where they stand in the script.
func (s *Session) Ordered() bool { return s != nil && (s.InOrder || s.InTurn) }

// Renew begins a new session over the same objects.
func (s *Session) Renew() { s.State = map[string]any{} }

// Prepare lets the rules look at a unit before any unit of the session is rewritten.
func Prepare(p *Pass, ordered []*Rule) {
	for _, r := range ordered {
		if r.Prepare != nil && p.speaks(r) && p.sees(r) {
			p.Rule = r
			r.Prepare(p)
		}
	}
	p.Rule = nil
}

// Run runs the ordered rules over the pass's unit. A rule whose feature the target has is left out, as is one that finds nothing
// to look at, and nothing runs on a unit that has been refused.
func Run(p *Pass, ordered []*Rule) {
	for _, r := range ordered {
		if p.refused != nil {
			break
		}
		if r.Run == nil || !p.speaks(r) || !p.sees(r) || r.Feature != "" && p.Features.Has(r.Feature) || !p.needs(r) {
			continue
		}
		p.Rule = r
		r.Run(p)
		p.looked, p.counts = false, countReads{}
		p.settle()
	}
	p.Rule = nil
	p.needCollations()
}

// speaks tells that the rule is about the language of the unit's procedural code.
func (p *Pass) speaks(r *Rule) bool {
	return r.Language == AnyLanguage || (r.Language == PLSQL) == p.Unit.PLSQL
}

// sees tells that the unit has a node that the rule looks for.
func (p *Pass) sees(r *Rule) bool {
	if r.Looks.IsEmpty() || p.EveryRule {
		return true
	}
	p.look()
	return p.kinds.Meets(&r.Looks)
}

// needs tells that the rule has something to do beyond what it looks for.
func (p *Pass) needs(r *Rule) bool { return r.Needed == nil || p.EveryRule || r.Needed(p) }

// look gathers the kinds and traits of the unit's nodes, unless no rule has run since it did.
func (p *Pass) look() {
	if p.looked {
		return
	}
	p.looked, p.kinds = true, ir.NodeKinds{}
	for _, s := range p.Unit.Stmts {
		p.kinds.Look(s)
	}
}

// May tells that the unit may have a node of one of the kinds or traits. A rule asks in Needed, or before it changes anything.
func (p *Pass) May(kinds ...ir.NodeKind) bool {
	if p.EveryRule {
		return true
	}
	p.look()
	for _, k := range kinds {
		if p.kinds.Has(k) {
			return true
		}
	}
	return false
}

// needCollations notes the collations of the helper schema that the unit's expressions name.
func (p *Pass) needCollations() {
	if !p.May(ir.KindCollate) {
		return
	}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if c, ok := n.(*ir.Collate); ok && c.Collation.IsZero() && c.Name.Schema() != "" && c.Name.Schema() == p.HelperSchema() {
				p.Unit.NeedHelper(c.Name.Name())
			}
			return true
		})
	}
}

// HelperSchema is the schema of the helper routines.
func (p *Pass) HelperSchema() string {
	if p.Policy.HelperSchema != "" {
		return p.Policy.HelperSchema
	}
	return "godwit_mysql"
}
