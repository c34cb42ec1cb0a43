package godwit

import (
	"godwit/ir"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// Files of a folder are taken in the order of their names. Exports hold constraints and indexes in files of their own, which may stand in front
// of the files that make their tables: the table's file comes first then.

// makersFirst is the order of scripts in which those that make tables stand in front of those that change them; nil if they stand so already.
func (p *pipeline) makersFirst(us []*Unit, scripts []string) []int {
	if p.opt.From != dialect.Oracle || len(scripts) < 2 {
		return nil
	}
	place := map[string]int{}
	for i, name := range scripts {
		place[name] = i
	}
	if len(place) < len(scripts) {
		return nil // a name does not tell the script
	}
	needs := needsOf(us, place)
	if len(needs) == 0 {
		return nil
	}
	order, taken := make([]int, 0, len(scripts)), make([]bool, len(scripts))
	var take func(i int)
	take = func(i int) {
		if taken[i] {
			return
		}
		taken[i] = true
		for _, k := range needs[i] {
			take(k)
		}
		order = append(order, i)
	}
	for i := range scripts {
		take(i)
	}
	return order
}

// ordered puts the units of files into the order of makersFirst.
func (p *pipeline) ordered(us []*Unit, files []*source.File) []*Unit {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	order := p.makersFirst(us, names)
	if order == nil {
		return us
	}
	of := map[string][]*Unit{}
	for _, u := range us {
		if u.Source.File == nil {
			return us
		}
		of[u.Source.File.Name] = append(of[u.Source.File.Name], u)
	}
	out := make([]*Unit, 0, len(us))
	for _, i := range order {
		out = append(out, of[names[i]]...)
	}
	if len(out) != len(us) {
		return us
	}
	return out
}

// reorder puts scripts into the order of makersFirst; false if they stand so already.
func (s *streaming) reorder() bool {
	names := make([]string, len(s.scripts))
	for i, sc := range s.scripts {
		names[i] = sc.Name
	}
	order := s.p.makersFirst(s.units, names)
	if order == nil {
		return false
	}
	scripts := make([]Script, len(order))
	for i, k := range order {
		scripts[i] = s.scripts[k]
	}
	s.scripts = scripts
	return true
}

// needsOf are the scripts that each script needs in front of it: those that make a table which it changes, where none in front of it does.
func needsOf(us []*Unit, place map[string]int) map[int][]int {
	first := map[string]int{}
	at := func(u *Unit) (int, bool) {
		if u.Source.File == nil {
			return 0, false
		}
		i, ok := place[u.Source.File.Name]
		return i, ok
	}
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		c, ok := u.Stmts[0].(*ir.CreateTable)
		if !ok {
			continue
		}
		key := relationKey(u, c.Name)
		if i, ok := at(u); ok {
			if k, made := first[key]; !made || i < k {
				first[key] = i
			}
		}
	}
	needs := map[int][]int{}
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		q, ok := changedTable(u.Stmts[0])
		if !ok {
			continue
		}
		i, known := at(u)
		if k, made := first[relationKey(u, q)]; known && made && k > i {
			needs[i] = append(needs[i], k)
		}
	}
	return needs
}

// changedTable is the table that a definition changes or adds something to.
func changedTable(s ir.Stmt) (ir.QName, bool) {
	switch s := s.(type) {
	case *ir.AlterTable:
		if s.Table != nil {
			return s.Table.Name, true
		}
	case *ir.CreateIndex:
		if s.Table != nil {
			return s.Table.Name, true
		}
	case *ir.CommentOn:
		return s.Name, true
	}
	return ir.QName{}, false
}
