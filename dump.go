package godwit

import (
	"maps"
	"reflect"
	"runtime"
	"slices"
	"sort"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// moreFindings says how many findings about rows are not listed.
var moreFindings = &diag.Code{
	ID: "SY0203", Title: "More findings of the same kind", Severity: diag.Info, Fidelity: diag.Exact,
	Doc: "Of findings about the rows of a dump, the first of each kind are listed for each table, and the others are counted.",
}

// maxListed is how many findings of one code about the rows of one table are listed.
const maxListed = 100

// maxBatch is how many statements with rows are converted at a time.
const maxBatch = 256

// maxRead is how many of them are read at a time where most take the short path.
const maxRead = 1024

// dump converts a script in two parts: its definitions (all statements but rows of constants), taken as a whole, and then the
// rows in order, which need what the definitions have made and are needed by nothing. So the rows of a dump need not be kept.
type dump struct {
	p *pipeline
	c *Conversion
	// units are the definitions; before tells which of them have rows in front, states what the session was there.
	units  []*Unit
	before map[int]bool
	states map[int]map[string]any
	// turn is the statement for which the script is kept in its order, nil if it is not; turnWhy says why.
	turn    *Unit
	turnWhy string
	// listed counts findings about rows by table and code.
	listed map[[2]string]int
}

func newDump(p *pipeline, c *Conversion) *dump {
	return &dump{p: p, c: c, before: map[int]bool{}, states: map[int]map[string]any{}, listed: map[[2]string]int{}}
}

// sawRows notes that rows stand before the next definition.
func (d *dump) sawRows() { d.before[len(d.units)] = true }

// definitions converts all but the rows.
func (d *dump) definitions() {
	p := d.p
	if d.turn != nil {
		d.definitionsInTurn()
		return
	}
	lastTypes(d.units)
	p.expandAll(d.units)
	p.res.Whole()
	p.cleanups(d.units)
	p.remade(d.units)
	p.standIns(d.units)
	p.lastNames(d.units)
	p.lastConstraints(d.units)
	p.lastColumns(d.units)
	p.viewStars(d.units)
	p.once(d.units)
	p.keyIndexes(d.units)
	named := p.noteNames(d.units)
	p.declareAll(d.units)
	p.bodiless(d.units)
	p.unbound(d.units)
	if p.opt.Profile != nil {
		d.c.General.Add(p.opt.Profile.unused()...)
	}
	p.expandBuiltAll(d.units)
	d.c.General.Add(p.emitter.AssignNames(p.cat)...) // before names are resolved: types of ENUM columns have names
	p.resolveAll(d.units)
	p.renamed(d.units)
	d.c.General.Add(p.emitter.AssignNames(p.cat)...)
	p.prepare(d.units)
	p.script(d.units)
	p.lowerAll(d.units, func(i int) {
		if d.before[i] {
			d.states[i] = stateOf(p.session.State)
		}
	})
	p.settleNames(d.units, named)
}

// stateOf is a copy of what a session is, which later statements do not change.
func stateOf(state map[string]any) map[string]any {
	out := maps.Clone(state)
	for k, v := range out {
		if m := reflect.ValueOf(v); m.Kind() == reflect.Map && !m.IsNil() {
			c := reflect.MakeMapWithSize(m.Type(), m.Len())
			for it := m.MapRange(); it.Next(); {
				c.SetMapIndex(it.Key(), it.Value())
			}
			out[k] = c.Interface()
		}
	}
	return out
}

// begin goes to the rows before definition i: the session is what it was there.
func (d *dump) begin(i int) {
	d.p.session.At = i
	if s, ok := d.states[i]; ok {
		d.p.session.State = s
	}
}

// rows converts statements with rows.
func (d *dump) rows(us []*Unit) {
	d.convert(us)
	for _, u := range us {
		d.list(u)
	}
}

// convert takes statements with rows through the pipeline.
func (d *dump) convert(us []*Unit) {
	p := d.p
	for _, u := range us {
		p.guard(u, "declare", func() { p.limit(u) })
	}
	p.resolveAll(us)
	p.prepare(us)
	printers := newCrew(runtime.GOMAXPROCS(0), p.print)
	for _, u := range us {
		p.rewrite(u)
		printers.take(u)
	}
	printers.close()
	for _, u := range us {
		p.finish(u)
	}
}

// list keeps the first findings of each kind about the rows of a table.
func (d *dump) list(u *Unit) {
	kept := u.Findings[:0]
	for _, f := range u.Findings {
		k := [2]string{u.Object, f.Code}
		if d.listed[k]++; d.listed[k] <= maxListed {
			kept = append(kept, f)
		}
	}
	u.Findings = kept
}

// finish tells how many findings are not listed.
func (d *dump) finish() {
	keys := make([][2]string, 0, len(d.listed))
	for k, n := range d.listed {
		if n > maxListed {
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return strings.Join(keys[i][:], "\x00") < strings.Join(keys[j][:], "\x00") })
	for _, k := range keys {
		f := moreFindings.New(source.Span{}, "%d more findings %s about rows", d.listed[k]-maxListed, k[1])
		f.Object = k[0]
		d.c.General.Add(f)
	}
}

// renamed leaves out the new names of tables and columns that the script makes itself: a folder's definitions have the last names.
func (p *pipeline) renamed(units []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	made, names := map[*catalog.Table]bool{}, map[string]bool{}
	for _, u := range units {
		if len(u.Stmts) != 1 {
			continue
		}
		switch s := u.Stmts[0].(type) {
		case *ir.CreateTable:
			if made[s.Object] = s.Object != nil; s.Object != nil {
				names[s.Object.Name] = true
			}
			if s.Object != nil && s.Object.Name != s.Name.Name() {
				u.Report(lastName.New(u.Source, "table %s is %s from the start", s.Name.Name(), s.Object.Name))
				s.Name, u.Name = ir.Qualified(s.Name.Schema(), s.Object.Name), s.Object.Name
			}
		case *ir.AlterTable:
			if s.Table == nil || !made[s.Table.Table] || len(s.Actions) != 1 {
				continue
			}
			switch a := s.Actions[0]; {
			case a.Kind == "rename column" && a.Was != nil:
				u.Report(lastName.New(u.Source, "column %s is %s from the start", a.Old.Text, a.New.Name()))
				u.empty()
			case a.Kind == "rename":
				u.empty()
			}
		case *ir.RenameTables:
			if !slices.ContainsFunc(s.Pairs, func(pair [2]ir.QName) bool { return !names[pair[1].Name()] }) {
				u.empty()
			}
		}
	}
}

// renames tells that a unit gives tables or columns other names: the names in rows depend on their place then, so that rows
// are taken as any other statement.
func renames(u *ir.Unit) bool {
	for _, s := range u.Stmts {
		switch n := s.(type) {
		case *ir.RenameTables:
			return true
		case *ir.AlterTable:
			for _, a := range n.Actions {
				if a.Kind == "rename" || a.Kind == "rename column" || a.Kind == "change column" {
					return true
				}
			}
		}
	}
	return false
}
