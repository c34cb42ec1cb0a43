package resolve

import (
	"godwit/ir"
	"godwit/ir/catalog"
)

// bodyTables are the tables that a routine makes, changes or drops, in order, so that they can be taken back: what a routine
// does happens when it is called.
type bodyTables struct {
	log []replaced
	// depth counts the conditions around the statement: what is dropped under a condition may still be there behind it.
	depth int
}

// replaced is a change of the catalog: now stands where old stood (nil for nothing).
type replaced struct{ old, now *catalog.Table }

// withTables resolves the body of a routine with its own definitions. Afterwards the catalog is as before, but when
// keep is set the names that were free before keep the routine's tables: callers and called routines use temporary tables too.
func (r *Resolver) withTables(keep bool, body func()) {
	around := r.made
	r.made = &bodyTables{}
	body()
	log := r.made.log
	r.made = around
	for i := len(log) - 1; i >= 0; i-- {
		e := log[i]
		switch {
		case e.old != nil:
			r.cat.AddTable(e.old)
		case !keep:
			r.cat.DropTable(e.now.Schema, e.now.Name)
		case r.cat.Table(e.now.Schema, e.now.Name) == nil:
			r.cat.AddTable(e.now)
		}
	}
}

// maybe marks that what follows may not be carried out; the result ends it.
func (r *Resolver) maybe() func() {
	m := r.made
	if m == nil {
		return func() {}
	}
	m.depth++
	return func() { m.depth-- }
}

func (r *Resolver) handlerBody(p *program, h *ir.Handler) {
	defer r.maybe()()
	h.Body = r.bodyStmt(p, h.Body)
}

// declareInBody enters what a statement of a routine defines.
func (r *Resolver) declareInBody(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.CreateTable:
		old := r.cat.Table(r.schemaOf(s.Name), s.Name.Name())
		r.declareTable(r.unit, s)
		if s.Object != old {
			if old != nil && s.Object.Kind == old.Kind {
				s.Object.TargetSchema, s.Object.Target = old.TargetSchema, old.Target
			}
			r.replace(old, s.Object)
		}
	case *ir.AlterTable:
		if t := r.ownTable(s.Table.Name); t != nil {
			r.declare(r.unit, s)
		}
	case *ir.CreateIndex:
		if t := r.ownTable(s.Table.Name); t != nil {
			r.declareIndex(r.unit, s)
		}
	case *ir.Drop:
		r.dropInBody(s)
	}
}

func (r *Resolver) replace(old, now *catalog.Table) {
	r.made.log = append(r.made.log, replaced{old, now})
}

// ownTable is the table of the name as the routine may change it: one that it made, or a copy of the one that was there.
func (r *Resolver) ownTable(q ir.QName) *catalog.Table {
	t := r.findTable(q)
	if t == nil {
		return nil
	}
	for _, e := range r.made.log {
		if e.now == t {
			return t
		}
	}
	r.columnsOf(t) // found on demand, and only for the table itself
	own := copyTable(t)
	r.cat.AddTable(own)
	r.replace(t, own)
	return own
}

func copyTable(t *catalog.Table) *catalog.Table {
	c := *t
	c.Columns = make([]*catalog.Column, len(t.Columns))
	for i, x := range t.Columns {
		y := *x
		c.Columns[i] = &y
	}
	c.Keys = make([]*catalog.Key, len(t.Keys))
	for i, x := range t.Keys {
		y := *x
		y.Parts = append([]catalog.KeyPart(nil), x.Parts...)
		c.Keys[i] = &y
	}
	c.ForeignKeys = make([]*catalog.ForeignKey, len(t.ForeignKeys))
	for i, x := range t.ForeignKeys {
		y := *x
		y.Columns = append([]string(nil), x.Columns...)
		c.ForeignKeys[i] = &y
	}
	return &c
}

// dropInBody tells which tables are dropped. Only temporary ones leave the catalog, to uncover what they hid, and only
// where they are dropped in any case.
func (r *Resolver) dropInBody(s *ir.Drop) {
	if s.Kind != "table" {
		return
	}
	s.Tables = nil
	for _, q := range s.Names {
		t := r.dropped(r.schemaOf(q), q.Name(), s.Temporary)
		s.Tables = append(s.Tables, t)
		if t == nil || t.Kind != catalog.TempTable || r.made.depth > 0 || r.hidden[t] == nil {
			continue
		}
		r.replace(t, r.hidden[t])
		r.dropTable(r.schemaOf(q), q.Name(), true)
	}
}
