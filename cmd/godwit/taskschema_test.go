package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write task.schema.json and docs/task.md")

// taskChoices are the values of fields that take one of a few.
var taskChoices = map[string][]string{
	"load.lock": {"auto", "never"}, "apply.mode": {"auto", "ordered", "batch", "parallel"}, "apply.on_error": {"stop", "except"},
	"values.invalid_text": {"stop", "replace", "except"}, "values.columns.*.invalid_text": {"stop", "replace", "except"},
	"ddl": {"stop", "apply", "ignore"}, "convert.collations": {"icu", "citext", "none"}, "convert.autocommit": {"atomic", "commit", "auto"}, "convert.autonomous": {"none", "dblink"}, "convert.crypto": {"none", "pgcrypto"}, "convert.packages": {"schema", "prefix"}, "fallback.triggers": {"refuse", "park"}, "fallback.on_error": {"stop", "except"},
}

var taskRequired = map[string][]string{"": {"name", "source", "target"}, "source": {"url"}, "target": {"url"}}

// taskField is a field of the task file.
type taskField struct {
	path    string
	typ     reflect.Type
	doc     string
	preset  any // the default
	section bool
}

// taskFields lists the fields in the order of the types that are decoded.
func taskFields(t *testing.T) []taskField {
	docs := fieldDocs(t, "project.go", "watch.go", "fallback.go", "../../runner/migrate/task.go", "../../runner/migrate/values.go")
	task := taskFile{}
	task.Defaults()
	var out []taskField
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if opts == "inline" {
				walk(path, v.Field(i))
				continue
			}
			if name == "" || name == "-" {
				continue
			}
			p := strings.TrimPrefix(path+"."+name, ".")
			tf := taskField{path: p, typ: f.Type, doc: docs[v.Type().Name()+"."+f.Name], section: f.Type.Kind() == reflect.Struct}
			if tf.section {
				tf.doc = docs[f.Type.Name()]
			}
			if x := v.Field(i); !x.IsZero() && !tf.section && !(x.CanInt() && x.Int() == math.MaxInt64) { // the most there can be is no default to show
				tf.preset = v.Field(i).Interface()
			}
			if tf.doc == "" {
				t.Errorf("field %s of %s has no comment", f.Name, v.Type().Name())
			}
			out = append(out, tf)
			if tf.section {
				walk(p, v.Field(i))
			}
			if named(f.Type) {
				walk(p+".*", reflect.New(f.Type.Elem()).Elem())
			}
		}
	}
	walk("", reflect.ValueOf(task))
	return out
}

// named tells a map of sections; the fields of one have its path, with .* behind it.
func named(t reflect.Type) bool { return t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Struct }

// fieldDocs reads the comments of structs and their fields.
func fieldDocs(t *testing.T, files ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				ts, ok := s.(*ast.TypeSpec)
				if !ok {
					continue
				}
				st, ok := ts.Type.(*ast.StructType)
				if !ok {
					continue
				}
				out[ts.Name.Name] = sentence(g.Doc.Text(), ts.Name.Name)
				for _, f := range st.Fields.List {
					text := f.Doc.Text()
					if text == "" {
						text = f.Comment.Text()
					}
					for _, n := range f.Names {
						out[ts.Name.Name+"."+n.Name] = sentence(text, n.Name)
					}
				}
			}
		}
	}
	return out
}

var space = regexp.MustCompile(`\s+`)

// sentence drops the Go name that a comment begins with.
func sentence(text, name string) string {
	text = strings.TrimSpace(space.ReplaceAllString(text, " "))
	for _, verb := range []string{" is ", " are ", " says ", ": ", " "} {
		if rest, ok := strings.CutPrefix(text, name+verb); ok {
			text = rest
			break
		}
	}
	if word, _, _ := strings.Cut(text, " "); text == "" || strings.ContainsAny(word, ":0123456789") && !strings.HasSuffix(word, ":") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func taskType(f taskField) (string, map[string]any) {
	switch {
	case f.typ == reflect.TypeFor[time.Duration]():
		return "duration", map[string]any{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`}
	case taskChoices[f.path] != nil:
		return strings.Join(taskChoices[f.path], ", "), map[string]any{"type": "string", "enum": taskChoices[f.path]}
	}
	if strings.HasSuffix(f.path, "zero_dates") { // null without quotes is the word
		return "text", map[string]any{"type": []string{"string", "null"}}
	}
	switch f.typ.Kind() {
	case reflect.String:
		return "text", map[string]any{"type": "string"}
	case reflect.Bool:
		return "true, false", map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return "number", map[string]any{"type": "integer", "minimum": 0}
	case reflect.Slice:
		return "list of texts", map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
	case reflect.Map:
		if named(f.typ) {
			return "sections by name", map[string]any{"type": "object"}
		}
		return "texts by name", map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "string"}}
	}
	return "", nil
}

func taskSchemaText(t *testing.T, fields []taskField) string {
	t.Helper()
	objects := map[string]map[string]any{}
	object := func(path, doc string) map[string]any {
		o := map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{}}
		if doc != "" {
			o["description"] = doc
		}
		if r := taskRequired[path]; r != nil {
			o["required"] = r
		}
		objects[path] = o
		return o
	}
	root := object("", "")
	root["$schema"], root["title"] = "https://json-schema.org/draft/2020-12/schema", "godwit task"
	for _, f := range fields {
		parent, name := "", f.path
		if i := strings.LastIndexByte(f.path, '.'); i >= 0 {
			parent, name = f.path[:i], f.path[i+1:]
		}
		var p map[string]any
		if f.section {
			p = object(f.path, f.doc)
		} else {
			kind, schema := taskType(f)
			if kind == "" {
				t.Fatalf("%s: type %v has no schema", f.path, f.typ)
			}
			p = schema
			p["description"] = f.doc
			if d, ok := f.preset.(time.Duration); ok {
				p["default"] = d.String()
			} else if f.preset != nil {
				p["default"] = f.preset
			}
		}
		if named(f.typ) {
			p["additionalProperties"] = object(f.path+".*", "")
		}
		objects[parent]["properties"].(map[string]any)[name] = p
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func taskPage(fields []taskField) string {
	var b strings.Builder
	b.WriteString("# Task files\n\nEvery field of a task file; unknown ones are errors. `godwit schema` prints the JSON schema for editors.\n" +
		"Written by `go test ./cmd/godwit -run TestTaskSchema -update`.\n\n| field | values | default | meaning |\n|---|---|---|---|\n")
	for _, f := range fields {
		kind, _ := taskType(f)
		preset := ""
		if f.preset != nil {
			preset = fmt.Sprint(f.preset)
		}
		if f.section {
			kind = ""
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.path, kind, preset, strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(f.doc))
	}
	return b.String()
}

// TestTaskSchema keeps the schema and the page of task files as the decoded types are.
func TestTaskSchema(t *testing.T) {
	fields := taskFields(t)
	for path := range taskChoices {
		if !slices.ContainsFunc(fields, func(f taskField) bool { return f.path == path }) {
			t.Errorf("there is no field %s", path)
		}
	}
	for path, text := range map[string]string{"task.schema.json": taskSchemaText(t, fields), "../../docs/task.md": taskPage(fields)} {
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if old, err := os.ReadFile(path); err != nil || string(old) != text {
			t.Errorf("%s is stale (%v); run `go test ./cmd/godwit -run TestTaskSchema -update`", path, err)
		}
	}
}

// TestTaskSchemaAgrees gives files to the schema and to the reader: they accept and refuse the same.
func TestTaskSchemaAgrees(t *testing.T) {
	var doc any
	if err := json.Unmarshal(taskSchema, &doc); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("task.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("task.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	const ends = "name: a\nsource: {url: 'mysql://u@h/d'}\ntarget: {url: 'postgres://u@h/d'}\n"
	files := map[string]bool{
		ends: true, ends + "load: {workers: 2, chunk_rows: 10, lock: never}\n": true, ends + "ddl: apply\nmetrics: 127.0.0.1:1\n": true,
		ends + "tables: {schemas: [x], include: ['a*'], exclude: [b]}\n": true, ends + "apply: {wait: 1s, rows: 5}\n": true,
		ends + "convert: {settings: {sql_mode: ANSI}, line_width: 80}\n":                                                      true,
		ends + "values: {columns: {shop.orders.shipped: {zero_dates: 'null', nul: strip}, a.b.c: {invalid_text: replace}}}\n": true,
		ends + "values: {columns: {a.b.c: {zero_date: 'null'}}}\n":                                                            false,
		ends + "values: {columns: {a.b.c: strip}}\n":                                                                          false,
		ends + "values: {column: {}}\n":                                                                                       false,
		ends + "nonsense: 1\n":                                                                                                false, ends + "load: {worker: 2}\n": false, ends + "load: {workers: many}\n": false,
		ends + "apply: {wait: soon}\n": false, "name: a\nsource: {url: 'mysql://u@h/d'}\n": false, "source: {}\n": false,
		strings.Replace(ends, "name: a\n", "", 1): false,
	}
	for path, values := range taskChoices {
		section, field, nested := strings.Cut(path, ".")
		field = strings.ReplaceAll(field, "columns.*.", "columns: {a.b.c: {") // closed below
		for _, v := range append(values, "nonsense") {
			text := fmt.Sprintf("%s: %s\n", path, v)
			if nested {
				text = fmt.Sprintf("%s: {%s: %s%s}\n", section, field, v, strings.Repeat("}", strings.Count(field, "{")))
			}
			if v == "except" && section == "values" { // needs the other one
				text += "apply: {on_error: except}\n"
			}
			files[ends+text] = v != "nonsense"
		}
	}
	path := filepath.Join(t.TempDir(), "task.yaml")
	for text, good := range files {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); (err == nil) != good {
			t.Errorf("the schema says %v to\n%s", err, text)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		task, err := readTaskFile(path)
		if err == nil {
			_, err = task.options()
		}
		if (err == nil) != good {
			t.Errorf("the reader says %v to\n%s", err, text)
		}
	}
}
