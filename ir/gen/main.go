// Command gen writes walk_gen.go: the kinds of nodes, and how each node of package ir is walked, mapped and copied.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// kind of a field as far as the walk cares.
type kind int

const (
	plain      kind = iota
	node            // an interface or a pointer to a node struct
	nodes           // a slice of those
	plainSlice      // a slice of anything else: copied by Clone

)

type field struct {
	name, typ string
	kind      kind
}

type nodeType struct {
	name   string
	meta   string
	fields []field
	traits bool // it has a method traits, its own or that of its meta
}

var metas = map[string]bool{"ExprMeta": true, "QueryMeta": true, "TableMeta": true, "StmtMeta": true, "PartMeta": true, "DeclMeta": true}
var interfaces = map[string]bool{"Expr": true, "Query": true, "TableExpr": true, "Stmt": true, "Decl": true}

func main() {
	structs, err := load(".")
	if err != nil {
		log.Fatal(err)
	}
	src, err := format.Source(generate(structs))
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 1 && os.Args[1] == "-print" {
		os.Stdout.Write(src)
		return
	}
	if err := os.WriteFile("walk_gen.go", src, 0o644); err != nil {
		log.Fatal(err)
	}
}

func load(dir string) ([]nodeType, error) {
	files, err := parse(dir)
	if err != nil {
		return nil, err
	}
	decls := map[string]*ast.StructType{}
	for _, f := range files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				t, _ := s.(*ast.TypeSpec)
				if t == nil {
					continue
				}
				if st, ok := t.Type.(*ast.StructType); ok {
					decls[t.Name.Name] = st
				}
			}
		}
	}
	traits := haveTraits(files)
	isNode := map[string]bool{}
	for n, st := range decls {
		if m := metaOf(st); m != "" && !metas[n] {
			isNode[n] = true
		}
	}
	var out []nodeType
	for n := range isNode {
		nt := describe(n, decls, isNode)
		nt.traits = traits[n] || traits[nt.meta]
		out = append(out, nt)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out, nil
}

// haveTraits are the types that have a method traits.
func haveTraits(files []*ast.File) map[string]bool {
	out := map[string]bool{}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "traits" {
				out[fn.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name] = true
			}
		}
	}
	return out
}

// parse reads the files of the package that are written by hand.
func parse(dir string) ([]*ast.File, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, path := range paths {
		if name := filepath.Base(path); name == "walk_gen.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func metaOf(st *ast.StructType) string {
	for _, f := range st.Fields.List {
		if id, ok := f.Type.(*ast.Ident); ok && len(f.Names) == 0 && metas[id.Name] {
			return id.Name
		}
	}
	return ""
}

func describe(name string, decls map[string]*ast.StructType, isNode map[string]bool) nodeType {
	nt := nodeType{name: name, meta: metaOf(decls[name])}
	add := func(st *ast.StructType) {
		for _, f := range st.Fields.List {
			for _, id := range f.Names {
				if fd := classify(id.Name, f.Type, isNode); fd.kind != plain {
					nt.fields = append(nt.fields, fd)
				}
			}
		}
	}
	if nt.meta == "QueryMeta" {
		// WITH comes first, the rest of the common parts last.
		own := nodeType{}
		own, nt = nt, own
		add(decls["QueryMeta"])
		common := nt.fields
		nt = own
		nt.fields = append(nt.fields, common[0])
		add(decls[name])
		nt.fields = append(nt.fields, common[1:]...)
		return nt
	}
	add(decls[name])
	return nt
}

func classify(name string, t ast.Expr, isNode map[string]bool) field {
	switch t := t.(type) {
	case *ast.Ident:
		if interfaces[t.Name] {
			return field{name, t.Name, node}
		}
	case *ast.StarExpr:
		if id, ok := t.X.(*ast.Ident); ok && isNode[id.Name] && !(name == "CTE" && id.Name == "CTE") {
			return field{name, "*" + id.Name, node}
		}
	case *ast.ArrayType:
		if t.Len != nil {
			return field{name, "", plain}
		}
		switch e := t.Elt.(type) {
		case *ast.Ident:
			if interfaces[e.Name] {
				return field{name, e.Name, nodes}
			}
			return field{name, e.Name, plainSlice}
		case *ast.StarExpr:
			if id, ok := e.X.(*ast.Ident); ok && isNode[id.Name] {
				return field{name, "*" + id.Name, nodes}
			}
		}
		return field{name, "", plainSlice}
	}
	return field{name, "", plain}
}

// generate writes a method of each kind per node: walking, mapping and copying go from node to node without closures,
// reflection or a conversion between interfaces.
func generate(ts []nodeType) []byte {
	var b bytes.Buffer
	b.WriteString("// Code generated by ir/gen; DO NOT EDIT.\n\npackage ir\n\n")
	kinds(&b, ts)
	for _, t := range ts {
		fmt.Fprintf(&b, "// NodeKind is Kind%s.\nfunc (*%s) NodeKind() NodeKind { return Kind%s }\n\n", t.name, t.name, t.name)
		walk(&b, t)
		children(&b, t)
		look(&b, t)
		mapped(&b, t)
		clone(&b, t)
	}
	b.WriteString("// NodeNames lists the names of all node types, by their kind, for tests that a switch is exhaustive.\nvar NodeNames = []string{\n")
	for _, t := range ts {
		fmt.Fprintf(&b, "\t%q,\n", t.name)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// kinds numbers the node types.
func kinds(b *bytes.Buffer, ts []nodeType) {
	b.WriteString("// Kinds of nodes, one per type.\nconst (\n")
	for i, t := range ts {
		if i == 0 {
			fmt.Fprintf(b, "\tKind%s NodeKind = iota\n", t.name)
			continue
		}
		fmt.Fprintf(b, "\tKind%s\n", t.name)
	}
	fmt.Fprintf(b, ")\n\nconst nodeKinds = %d\n\n", len(ts))
	b.WriteString("// statementKinds are statements, declarations, and what such stand in, but for queries.\nvar statementKinds = Kinds(\n")
	held := statements(ts)
	for _, t := range ts {
		if held[t.name] {
			fmt.Fprintf(b, "\tKind%s,\n", t.name)
		}
	}
	b.WriteString(")\n\n")
}

// statements are the names of statements, declarations, and of the nodes that such can stand below; changes of data in a query's WITH do not count.
func statements(ts []nodeType) map[string]bool {
	held := map[string]bool{"Stmt": true, "Decl": true}
	for _, t := range ts {
		held[t.name] = t.meta == "StmtMeta" || t.meta == "DeclMeta"
	}
	for more := true; more; {
		more = false
		for _, t := range ts {
			for _, f := range t.fields {
				if t.meta == "PartMeta" && held[strings.TrimPrefix(f.typ, "*")] && !held[t.name] {
					held[t.name], more = true, true
				}
			}
		}
	}
	return held
}

func walk(b *bytes.Buffer, t nodeType) {
	fmt.Fprintf(b, "func (n *%s) walk(f func(Node) bool) {\n", t.name)
	if !hasNodes(t) {
		b.WriteString("\tf(n)\n}\n\n")
		return
	}
	b.WriteString("\tif !f(n) {\n\t\treturn\n\t}\n")
	for _, fd := range t.fields {
		switch fd.kind {
		case node:
			fmt.Fprintf(b, "\tif n.%s != nil {\n\t\tn.%s.walk(f)\n\t}\n", fd.name, fd.name)
		case nodes:
			fmt.Fprintf(b, "\tfor _, c := range n.%s {\n\t\tif c != nil {\n\t\t\tc.walk(f)\n\t\t}\n\t}\n", fd.name)
		}
	}
	b.WriteString("}\n\n")
}

func children(b *bytes.Buffer, t nodeType) {
	if !hasNodes(t) {
		fmt.Fprintf(b, "func (*%s) children(func(Node)) {}\n\n", t.name)
		return
	}
	fmt.Fprintf(b, "func (n *%s) children(f func(Node)) {\n", t.name)
	for _, fd := range t.fields {
		switch fd.kind {
		case node:
			fmt.Fprintf(b, "\tif n.%s != nil {\n\t\tf(n.%s)\n\t}\n", fd.name, fd.name)
		case nodes:
			fmt.Fprintf(b, "\tfor _, c := range n.%s {\n\t\tif c != nil {\n\t\t\tf(c)\n\t\t}\n\t}\n", fd.name)
		}
	}
	b.WriteString("}\n\n")
}

func look(b *bytes.Buffer, t nodeType) {
	fmt.Fprintf(b, "func (n *%s) look(s *NodeKinds) {\n\ts.Add(Kind%s)\n", t.name, t.name)
	if t.traits {
		b.WriteString("\tn.traits(s)\n")
	}
	for _, fd := range t.fields {
		switch fd.kind {
		case node:
			fmt.Fprintf(b, "\tif n.%s != nil {\n\t\tn.%s.look(s)\n\t}\n", fd.name, fd.name)
		case nodes:
			fmt.Fprintf(b, "\tfor _, c := range n.%s {\n\t\tif c != nil {\n\t\t\tc.look(s)\n\t\t}\n\t}\n", fd.name)
		}
	}
	b.WriteString("}\n\n")
}

func mapped(b *bytes.Buffer, t nodeType) {
	fmt.Fprintf(b, "func (n *%s) mapped(m *mapper) (Node, bool) {\n", t.name)
	if hasNodes(t) {
		b.WriteString("\tif m.pre != nil && !m.pre(n) {\n\t\treturn n, true\n\t}\n")
		for _, fd := range t.fields {
			switch fd.kind {
			case node:
				fmt.Fprintf(b, "\tif n.%s != nil {\n\t\tif r, same := n.%s.mapped(m); !same {\n\t\t\tn.%s = one[%s](r, n.%s)\n\t\t}\n\t}\n", fd.name, fd.name, fd.name, fd.typ, fd.name)
			case nodes:
				fmt.Fprintf(b, "\tfor i, c := range n.%s {\n\t\tif c == nil {\n\t\t\tcontinue\n\t\t}\n", fd.name)
				fmt.Fprintf(b, "\t\tif r, same := c.mapped(m); !same {\n\t\t\tn.%s = mapRest(m, n.%s, i, r)\n\t\t\tbreak\n\t\t}\n\t}\n", fd.name, fd.name)
			}
		}
	} else {
		b.WriteString("\tif m.pre != nil && !m.pre(n) {\n\t\treturn n, true\n\t}\n")
	}
	if t.meta == "ExprMeta" {
		b.WriteString("\tif m.expr != nil {\n\t\tif r := m.expr(n); r != Expr(n) {\n\t\t\treturn r, false\n\t\t}\n\t\treturn n, true\n\t}\n")
	}
	b.WriteString("\tif m.post != nil {\n\t\tif r := m.post(n); r != Node(n) {\n\t\t\treturn r, false\n\t\t}\n\t}\n\treturn n, true\n}\n\n")
}

func clone(b *bytes.Buffer, t nodeType) {
	fmt.Fprintf(b, "func (n *%s) clone() Node {\n\tc := *n\n\tcloneMeta(&c.Meta)\n", t.name)
	for _, fd := range t.fields {
		switch fd.kind {
		case node:
			fmt.Fprintf(b, "\tif n.%s != nil {\n\t\tc.%s = Clone(n.%s)\n\t}\n", fd.name, fd.name, fd.name)
		case nodes:
			fmt.Fprintf(b, "\tc.%s = cloneList(n.%s)\n", fd.name, fd.name)
		case plainSlice:
			fmt.Fprintf(b, "\tc.%s = append(c.%s[:0:0], n.%s...)\n", fd.name, fd.name, fd.name)
		}
	}
	b.WriteString("\treturn &c\n}\n\n")
}

func hasNodes(t nodeType) bool {
	for _, fd := range t.fields {
		if fd.kind == node || fd.kind == nodes {
			return true
		}
	}
	return false
}
