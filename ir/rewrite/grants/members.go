package grants

import (
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/rewrite/members"
)

// packaged grants the use of a package whose members stand beside other objects: of each routine of it, as far as it is known here.
func (l *lowering) packaged(k *catalog.Package, to []string) {
	if k.TargetSchema != "" {
		l.usage(k.TargetSchema, to)
	}
	var texts []string
	if made, key := l.made(), "package "+k.StateName(""); !l.g.Revoke && made[key] == 0 {
		made[key] = 1
		texts = append(texts, "REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC")
	}
	escaped := make([]string, len(to))
	for i, r := range to {
		escaped[i] = strings.ReplaceAll(r, "%", "%%")
	}
	if text := members.Each(k, append(texts, l.text("EXECUTE", "ROUTINE %s", escaped))...); text != "" {
		l.out = append(l.out, text)
	}
}
