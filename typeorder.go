package godwit

import "strings"

// typeRanks orders the files of types so that each comes behind the types that it is made of, whatever the order of the files that they
// were read from. Types that are made of one another in a circle keep the order of the source.
func typeRanks(files []*File) map[*File]int {
	byName := map[string]*File{}
	for _, f := range files {
		byName[strings.ToLower(f.schema+"."+f.name)] = f
		if f.schema == "" || f.schema == "public" {
			byName[strings.ToLower(f.name)] = f
		}
	}
	rank, busy := map[*File]int{}, map[*File]bool{}
	var visit func(f *File)
	visit = func(f *File) {
		if _, done := rank[f]; done || busy[f] {
			return
		}
		busy[f] = true
		for _, w := range nameWords(f.Text) {
			if d := byName[w]; d != nil {
				visit(d)
			}
		}
		rank[f] = len(rank)
	}
	for _, f := range files {
		visit(f)
	}
	return rank
}

// nameWords are the words of a text that may be names, with their schemas, in lower case and without quotes.
func nameWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(text, `"`, "")), func(r rune) bool {
		return !(r == '.' || r == '_' || r == '$' || r == '#' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f)
	})
}

// lateTypes puts types with a field that is a row of a table behind the tables, and so the types that are made of them.
func lateTypes(types, all []*File) {
	tables := map[string]bool{}
	for _, f := range all {
		if f.kind == "table" && f.Load {
			tables[strings.ToLower(f.schema+"."+f.name)] = true
			if f.schema == "" || f.schema == "public" {
				tables[strings.ToLower(f.name)] = true
			}
		}
	}
	late := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for _, f := range types {
			if f.late {
				continue
			}
			for _, w := range fieldTypes(f.Text) {
				f.late = f.late || tables[w] || late[w]
			}
			if f.late {
				changed = true
				f.rank += len(all) // behind all tables
				late[strings.ToLower(f.schema+"."+f.name)] = true
				if f.schema == "" || f.schema == "public" {
					late[strings.ToLower(f.name)] = true
				}
			}
		}
	}
}

// fieldTypes are the words behind the names of the fields in a definition of a composite type.
func fieldTypes(text string) []string {
	_, fields, ok := strings.Cut(text, " AS (")
	if !ok {
		return nil
	}
	var out []string
	depth, start := 0, 0
	field := func(end int) {
		if words := nameWords(fields[start:end]); len(words) > 1 {
			out = append(out, words[1:]...)
		}
		start = end + 1
	}
	for i := 0; i < len(fields); i++ {
		switch fields[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				field(i)
				return out
			}
		case ',':
			if depth == 0 {
				field(i)
			}
		}
	}
	return out
}
