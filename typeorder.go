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
