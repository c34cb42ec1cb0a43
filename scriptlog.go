package godwit

import (
	"slices"

	"godwit/ir"
)

// scriptLog tells where a script speaks of a relation, so that what is taken from one place of it to another (lastNames, lastColumns, lastConstraints,
// remade) does not look through all of it for each statement. Places are indexes into its units, in their order. A unit that was emptied since
// is still in its lists: who reads them looks at the unit.
type scriptLog struct {
	us []*Unit
	// By relationKey: the units that make a relation, that drop it, that make or alter a table.
	makers, drops, tables map[string][]int
	mentions              map[string][]int // that name it; only of the relations that were asked for
	indexes               map[string][]int // that make and drop the indexes of a name
	referred              map[string]bool  // tables that foreign keys refer to
	calls                 bool             // the mentions of routines are asked for as well
	changes               []int            // that may change rows which are there
}

func newScriptLog(us []*Unit) *scriptLog {
	l := &scriptLog{us: us, makers: map[string][]int{}, drops: map[string][]int{}, tables: map[string][]int{}, indexes: map[string][]int{}, referred: map[string]bool{}}
	for i, u := range us {
		if changesRows(u) {
			l.changes = append(l.changes, i)
		}
		if len(u.Stmts) == 1 {
			l.note(i, u)
		}
	}
	return l
}

func (l *scriptLog) note(i int, u *Unit) {
	add := func(to map[string][]int, q ir.QName) { to[relationKey(u, q)] = append(to[relationKey(u, q)], i) }
	refers := func(f *ir.ForeignKeyDef) {
		if f != nil {
			l.referred[relationKey(u, f.RefTable)] = true
		}
	}
	if q, ok := makes(u); ok {
		add(l.makers, q)
	}
	switch s := u.Stmts[0].(type) {
	case *ir.CreateTable:
		add(l.tables, s.Name)
		for _, f := range s.ForeignKeys {
			refers(f)
		}
		for _, c := range s.Columns {
			refers(c.References)
		}
	case *ir.AlterTable:
		if s.Table == nil {
			return
		}
		add(l.tables, s.Table.Name)
		for _, a := range s.Actions {
			if refers(a.Foreign); a.Column != nil {
				refers(a.Column.References)
			}
		}
	case *ir.CreateIndex:
		if s.Key != nil {
			l.indexes[s.Key.Name.Text] = append(l.indexes[s.Key.Name.Text], i)
		}
	case *ir.Drop:
		for _, q := range s.Names {
			add(l.drops, q)
			l.indexes[q.Name()] = append(l.indexes[q.Name()], i)
		}
	}
}

// between are the places of a list from one on and before another one.
func between(list []int, from, to int) []int {
	i, _ := slices.BinarySearch(list, from)
	j, _ := slices.BinarySearch(list, to)
	if i >= j {
		return nil
	}
	return list[i:j]
}

// makerOf is the unit before a place that makes a relation which is still there at that place, -1 if there is none. Where several make it, one of them
// is left out later: that is not told here.
func (l *scriptLog) makerOf(key string, at int) int {
	from := 0
	dropped := between(l.drops[key], 0, at)
	for k := len(dropped) - 1; k >= 0; k-- {
		if drops(l.us[dropped[k]], key) {
			from = dropped[k]
			break
		}
	}
	maker := -1
	list := between(l.makers[key], from, at)
	for k := len(list) - 1; k >= 0; k-- {
		if !l.makes(list[k], key) {
			continue
		}
		if maker >= 0 {
			return -1
		}
		maker = list[k]
	}
	return maker
}

func (l *scriptLog) makes(i int, key string) bool {
	q, ok := makes(l.us[i])
	return ok && relationKey(l.us[i], q) == key
}

// madeBefore tells that something had a name before: a folder would hold two objects of it.
func (l *scriptLog) madeBefore(key string, at int) bool {
	return slices.ContainsFunc(between(l.makers[key], 0, at), func(i int) bool { return l.makes(i, key) })
}

// mention notes which units name the relations of some keys.
func (l *scriptLog) mention(keys map[string]bool) {
	l.mentions = map[string][]int{}
	for i, u := range l.us {
		names := func(q ir.QName) {
			if len(q.Parts) == 0 {
				return
			}
			key := relationKey(u, q)
			if list := l.mentions[key]; keys[key] && (len(list) == 0 || list[len(list)-1] != i) {
				l.mentions[key] = append(list, i)
			}
		}
		for _, s := range u.Stmts {
			namedRelations(s, names)
			if l.calls {
				namedRoutines(s, names)
			}
		}
	}
}

// moveMentions gives the mentions of a relation between two places to the name that it has there now.
func (l *scriptLog) moveMentions(from, to string, i, j int) {
	moved := between(l.mentions[from], i, j)
	list := append(slices.Clone(l.mentions[to]), moved...)
	slices.Sort(list)
	l.mentions[to] = slices.Compact(list)
	maker := append(slices.Clone(l.makers[to]), i)
	slices.Sort(maker)
	l.makers[to] = maker
}

// namedRelations tells the names of a statement that may be those of relations.
func namedRelations(s ir.Stmt, name func(ir.QName)) {
	switch s := s.(type) {
	case *ir.CommentOn:
		name(s.Name)
	case *ir.Grant:
		name(ir.Qualified(s.Schema, s.Object))
	case *ir.CreateSequence:
		name(s.Name)
	case *ir.RenameTables:
		for _, pair := range s.Pairs {
			name(pair[0])
		}
	case *ir.CreateTable:
		name(s.Name)
	}
	ir.Walk(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.TableRef:
			name(x.Name)
		case *ir.NextValue:
			name(x.Sequence)
		case *ir.ForeignKeyDef:
			name(x.RefTable)
		case *ir.Name: // sequence.NEXTVAL
			if last := len(x.Parts) - 1; last > 0 {
				name(ir.QName{Parts: x.Parts[:last]})
			}
		}
		return true
	})
}

// namedRoutines tells the names of a statement that may be those of routines.
func namedRoutines(s ir.Stmt, name func(ir.QName)) {
	ir.Walk(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.CallProc:
			name(x.Name)
		case *ir.Name:
			name(ir.QName{Parts: x.Parts})
		}
		return true
	})
}
