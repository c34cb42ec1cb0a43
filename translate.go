package godwit

import (
	"encoding/json"
	"io"
	"slices"
	"sort"

	"godwit/emit/postgres"
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
)

// Translate converts statements in the order of a session: what a statement makes is known to those behind it only.
func Translate(files []*source.File, opt Options) (*Conversion, error) {
	p, err := newPipeline(opt)
	if err != nil {
		return nil, err
	}
	p.knowStatics(filesAsScripts(files))
	units, err := p.parse(files)
	if err != nil {
		return nil, err
	}
	units = p.decideAll(units)
	lastTypes(units)
	late, err := p.loadCatalogFor(units)
	if err != nil {
		return nil, err
	}
	inOrder(units)
	p.session.InOrder = true
	p.reserve(units)
	c := &Conversion{Options: p.opt, General: slices.Clone(p.opt.Found), Units: units, Catalog: p.cat, fold: p.emitter.Fold}
	p.eachInTurn(c, units, late)
	return c, c.helpers(p)
}

// eachInTurn takes units through all phases one by one.
func (p *pipeline) eachInTurn(c *Conversion, units []*Unit, late *laterForms) {
	r := p.beginTurns(c, units, late)
	defer r.end()
	for i := range units {
		r.step(i)
	}
}

// turnRun takes the units of a script through all phases one by one.
type turnRun struct {
	p     *pipeline
	c     *Conversion
	units []*Unit
	late  *laterForms
	dyn   *dynamic
	names *postgres.Names
	calls *forward
	lost  map[string]bool // programs that are refused, see programKey
}

func (p *pipeline) beginTurns(c *Conversion, units []*Unit, late *laterForms) *turnRun {
	p.script(units)
	p.session.InTurn = true
	r := &turnRun{p: p, c: c, units: units, late: late, dyn: p.newDynamic(), names: p.emitter.NewNames(), calls: newForward(units), lost: map[string]bool{}}
	c.General.Add(r.names.Begin(p.cat)...)
	return r
}

func (r *turnRun) end() {
	r.p.cat.Unwatch()
	r.p.session.InTurn, r.p.session.Unseen = false, false
}

// step takes the unit at i, behind all before it.
func (r *turnRun) step(i int) {
	p, u := r.p, r.units[i]
	p.session.At = i
	if !r.calls.ready[u] {
		r.declare(i)
	}
	if len(u.Stmts) == 1 {
		if d, ok := u.Stmts[0].(*ir.Drop); ok && slices.ContainsFunc(d.Names, func(q ir.QName) bool { return r.lost[d.Kind+"\x00"+turnKey(u, q)] }) {
			d.IfExists = true // there is nothing to drop, unless it was converted by hand
		}
	}
	key := programKey(u)
	if key == "" && isRefused(u.Unit) && u.Name != "" { // when it was resolved
		key = u.Kind + "\x00" + turnKey(u, ir.QName{Parts: []ir.Ident{{Text: u.Name}}})
	}
	if p.lowerWith(u, r.late); key != "" {
		r.lost[key] = u.Status == diag.Refused
	}
}

// declare resolves the unit at i, with those behind it that it needs.
func (r *turnRun) declare(i int) {
	p, u := r.p, r.units[i]
	one := r.calls.with(i, p.cat, p.res.Schema())
	for _, x := range one {
		p.guard(x, "expand", func() { r.dyn.expand(x) })
	}
	if !r.calls.kept[u] {
		p.declareAll(one)
	}
	p.expandBuiltAll(one)
	p.named(r.c, u, r.names.Next(p.cat))
	slices.Reverse(one) // the called ones first
	p.resolveAll(one)
	p.named(r.c, u, r.names.Next(p.cat))
	p.prepare(one)
}

// TranslatedStatement is one statement of the target in the JSON contract of translate.
type TranslatedStatement struct {
	SQL  string `json:"sql"`
	Rows bool   `json:"rows"` // the rows it returns are the source statement's result
}

// TranslatedFinding is a finding in the JSON contract of translate.
type TranslatedFinding struct {
	Code     string        `json:"code"`
	Severity diag.Severity `json:"severity"`
	Line     int           `json:"line"`
	Message  string        `json:"message"`
	Next     string        `json:"next,omitempty"`
}

// Translated is one entry of the JSON array that translate prints: one source statement.
type Translated struct {
	Source   string                `json:"source"`
	Line     int                   `json:"line"`
	Target   []TranslatedStatement `json:"target"`
	Status   diag.Fidelity         `json:"status"`
	Findings []TranslatedFinding   `json:"findings"`
}

// Translated gives the conversion in the form of the JSON contract. The helper routines that any statement needs are
// created in front of the first one that is converted.
func (c *Conversion) Translated() []Translated {
	out := make([]Translated, 0, len(c.Units))
	for _, u := range c.Units {
		t := Translated{Source: u.Text, Line: u.Source.Line(), Target: []TranslatedStatement{}, Status: u.Status, Findings: []TranslatedFinding{}}
		for _, o := range u.Outputs {
			if u.Status == diag.Refused {
				break
			}
			t.Target = append(t.Target, TranslatedStatement{o.SQL, o.Rows})
		}
		for _, f := range u.Findings {
			t.Findings = append(t.Findings, TranslatedFinding{f.Code, f.Severity, f.Span.Line(), f.Message, f.Next})
		}
		out = append(out, t)
	}
	if c.HelperScript != "" && len(out) > 0 {
		first := &out[0]
		for i := range out {
			if out[i].Status != diag.Refused { // the text of a statement that is refused holds nothing that runs
				first = &out[i]
				break
			}
		}
		var t []TranslatedStatement
		for _, s := range postgres.Split(c.HelperScript) {
			t = append(t, TranslatedStatement{SQL: s})
		}
		first.Target = append(t, first.Target...)
	}
	return out
}

// WriteJSON prints the JSON contract of translate.
func (c *Conversion) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(c.Translated())
}

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
