package resolve

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// declareAlter applies ALTER TABLE to the catalog, action by action.
func (r *Resolver) declareAlter(u *ir.Unit, s *ir.AlterTable) {
	schema := r.schemaOf(s.Table.Name)
	if u.Kind == "" {
		u.Kind = "table"
	}
	u.Describe("table", schema, s.Table.Name.Name())
	t := r.findTable(s.Table.Name)
	if t == nil {
		return
	}
	s.Table.Table = t
	if len(s.Actions) == 0 {
		return
	}
	s.Actions = keysFirst(s.Actions)
	for i := 0; i < len(s.Actions); i++ {
		a := s.Actions[i]
		if r.unneeded(t, a) {
			s.Actions = slices.Delete(s.Actions, i, i+1)
			i--
			continue
		}
		if a.Column != nil {
			if f := r.columnRefers(a.Column); f != nil {
				more := &ir.AlterAction{Kind: "add foreign", Foreign: f}
				more.Span = f.Span
				s.Actions = slices.Insert(s.Actions, i+1, more)
			}
		}
		r.alterAction(t, a)
	}
	r.counters(t)
}

// keysFirst puts what drops keys in front of what drops columns: a key may go with its columns in one statement, which names it all the same.
func keysFirst(list []*ir.AlterAction) []*ir.AlterAction {
	first := slices.IndexFunc(list, func(a *ir.AlterAction) bool { return a.Kind == "drop column" })
	if first < 0 {
		return list
	}
	out, rest := slices.Clone(list[:first]), []*ir.AlterAction(nil)
	for _, a := range list[first:] {
		switch a.Kind {
		case "drop key", "drop constraint", "drop foreign", "drop primary":
			out = append(out, a)
		default:
			rest = append(rest, a)
		}
	}
	return append(out, rest...)
}

func (r *Resolver) alterAction(t *catalog.Table, a *ir.AlterAction) {
	switch a.Kind {
	case "add column":
		if a.Column == nil {
			return
		}
		if keys := t.Keys; t.Column(a.Column.Name.Text) != nil { // the source fails, or IF NOT EXISTS leaves the column alone
			r.declareColumn(t, a.Column)
			t.Keys = keys
			return
		}
		insertColumn(t, r.declareColumn(t, a.Column), a)
	case "drop column":
		a.Gone = t.Column(a.Old.Text)
		a.Was = copyOf(a.Gone)
		removeColumn(t, a.Old.Text)
	case "modify column":
		if a.Column != nil {
			a.Was = copyOf(t.Column(a.Column.Name.Text))
			r.replaceColumn(t, a.Column.Name.Text, a)
		}
	case "change column":
		if a.Column != nil {
			a.Was = copyOf(t.Column(a.Old.Text))
			r.replaceColumn(t, a.Old.Text, a)
		}
	case "rename column":
		a.Was = copyOf(t.Column(a.Old.Text))
		renameColumn(t, a.Old.Text, a.New.Name())
	case "alter default":
		if c := t.Column(a.Old.Text); c != nil {
			c.HasDefault, c.Value = a.Expr != nil && !isNull(a.Expr), nil
		}
	case "add key":
		if a.Key != nil {
			addKey(t, a.Key)
		}
	case "drop key", "drop constraint":
		a.Dropped = removeKey(t, a.Old.Text)
		removeForeign(t, a.Old.Text)
		delete(r.live, objectKey("check", t.Schema+"\x00"+t.Name, a.Old.Text))
	case "drop primary":
		a.Dropped = removeKey(t, "PRIMARY")
	case "convert charset":
		r.recode(t, a)
	case "option":
		r.defaultText(t, a)
	case "add check":
		if r.sem.EarlyChecksIgnored && !a.Check.NotEnforced {
			r.note(earlyChecks, a.Span, "a CHECK constraint of %s is assumed to be enforced", t.Name)
		}
		r.check(t, a.Check)
	case "add foreign":
		if a.Foreign != nil {
			t.ForeignKeys = append(t.ForeignKeys, r.foreignKey(t, a.Foreign))
		}
	case "drop foreign":
		removeForeign(t, a.Old.Text)
	case "rename key":
		for _, k := range t.Keys {
			if strings.EqualFold(k.Name, a.Old.Text) {
				k.Name = a.New.Name()
			}
		}
	case "rename":
		r.rename(ir.Qualified(t.Schema, t.Name), a.New)
	}
}

// defaultText changes the charset and collation that columns of the table get from then on.
func (r *Resolver) defaultText(t *catalog.Table, a *ir.AlterAction) {
	switch {
	case a.Collation != "":
		t.Collation = r.mustCollation(a.Collation, a)
		t.Charset = r.sem.Charset(a.Collation)
	case a.Charset != "":
		if c, ok := r.sem.DefaultOf(a.Charset); ok {
			t.Charset, t.Collation = a.Charset, c
		} else {
			r.fail(unknownCollation, a.Span, "charset %s is not known", a.Charset)
		}
	}
}

// recode is CONVERT TO CHARACTER SET: it changes the default, and all columns that hold text.
func (r *Resolver) recode(t *catalog.Table, a *ir.AlterAction) {
	if a.Charset == "" && a.Collation == "" {
		t.Collation = r.schemaCollation(t.Schema)
		t.Charset = r.sem.Charset(t.Collation.Name)
	} else {
		r.defaultText(t, a)
	}
	for _, c := range t.Columns {
		was := copyOf(c)
		switch x := c.Type.(type) {
		case types.Text:
			if strings.EqualFold(x.Charset, "binary") {
				continue
			}
			x.Charset, x.Collation = t.Charset, t.Collation
			c.Type = x
		case types.Enum:
			x.Charset, x.Collation = t.Charset, t.Collation
			c.Type = x
		case types.Set:
			x.Charset, x.Collation = t.Charset, t.Collation
			c.Type = x
		default:
			continue
		}
		a.Recoded = append(a.Recoded, ir.Recoded{Was: was, Type: c.Type})
	}
}

func copyOf(c *catalog.Column) *catalog.Column {
	if c == nil {
		return nil
	}
	x := *c
	return &x
}

// insertColumn puts a column at the end, at the start, or behind another.
func insertColumn(t *catalog.Table, c *catalog.Column, a *ir.AlterAction) {
	at := len(t.Columns)
	t.Reordered = t.Reordered || a.Position != ""
	switch a.Position {
	case "first":
		at = 0
	case "after":
		for i, o := range t.Columns {
			if strings.EqualFold(o.Name, a.After.Text) {
				at = i + 1
			}
		}
	}
	t.Columns = append(t.Columns[:at:at], append([]*catalog.Column{c}, t.Columns[at:]...)...)
}

func removeColumn(t *catalog.Table, name string) {
	kept := t.Columns[:0:0]
	for _, c := range t.Columns {
		if !strings.EqualFold(c.Name, name) {
			kept = append(kept, c)
		}
	}
	t.Columns = kept
	keys := t.Keys[:0:0]
	for _, k := range t.Keys {
		parts := k.Parts[:0:0]
		for _, p := range k.Parts {
			if !strings.EqualFold(p.Column, name) {
				parts = append(parts, p)
			}
		}
		if k.Parts = parts; len(parts) > 0 {
			keys = append(keys, k)
		}
	}
	t.Keys = keys
}

// replaceColumn gives a column another definition, in place: whoever refers to it keeps referring to it.
func (r *Resolver) replaceColumn(t *catalog.Table, name string, a *ir.AlterAction) {
	old := t.Column(name)
	primary := old != nil && inPrimaryKey(t, name)
	c := r.declareColumn(t, a.Column)
	if old == nil {
		return
	}
	if !strings.EqualFold(name, c.Name) {
		renameColumn(t, name, c.Name)
	}
	target, targetType, counter := old.Target, old.TargetType, old.Counter
	*old = *c
	old.Target, old.TargetType, old.Counter = target, targetType, counter
	if primary {
		old.Nullable = false
	}
	a.Column.Object = old
	if a.Position != "" {
		t.Columns = without(t.Columns, old)
		insertColumn(t, old, a)
	}
}

func without(cs []*catalog.Column, c *catalog.Column) []*catalog.Column {
	out := cs[:0:0]
	for _, o := range cs {
		if o != c {
			out = append(out, o)
		}
	}
	return out
}

func inPrimaryKey(t *catalog.Table, name string) bool {
	k := t.PrimaryKey()
	if k == nil {
		return false
	}
	for _, p := range k.Parts {
		if strings.EqualFold(p.Column, name) {
			return true
		}
	}
	return false
}

func renameColumn(t *catalog.Table, from, to string) {
	if c := t.Column(from); c != nil {
		c.Name = to
	}
	for _, k := range t.Keys {
		for i := range k.Parts {
			if strings.EqualFold(k.Parts[i].Column, from) {
				k.Parts[i].Column = to
			}
		}
	}
	for _, f := range t.ForeignKeys {
		for i := range f.Columns {
			if strings.EqualFold(f.Columns[i], from) {
				f.Columns[i] = to
			}
		}
	}
}

func removeForeign(t *catalog.Table, name string) {
	kept := t.ForeignKeys[:0:0]
	for _, f := range t.ForeignKeys {
		if !strings.EqualFold(f.Name, name) {
			kept = append(kept, f)
		}
	}
	t.ForeignKeys = kept
}
