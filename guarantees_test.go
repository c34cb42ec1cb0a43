package godwit

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestGuaranteesAreTested holds GUARANTEES.md to tests that exist: each promise names at least one.
func TestGuaranteesAreTested(t *testing.T) {
	b, err := os.ReadFile("GUARANTEES.md")
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(b), "\n## Not guaranteed")
	named := regexp.MustCompile("`([a-z0-9_/.]+)` (Test[A-Za-z0-9]+)(?:/([a-z ]+))?")
	promises := 0
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "* ") {
			continue
		}
		promises++
		tests := named.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("GUARANTEES.md:%d names no test: %s", i+1, line)
		}
		for _, m := range tests {
			if !testExists(t, m[1], m[2], strings.TrimSpace(m[3])) {
				t.Errorf("GUARANTEES.md:%d: there is no test %s in %s", i+1, strings.TrimSuffix(m[2]+"/"+m[3], "/"), m[1])
			}
		}
	}
	if promises < 20 {
		t.Errorf("GUARANTEES.md makes %d promises; has its form changed?", promises)
	}
}

// testExists looks for a test function in the folder's tests, and for its part there and in the suites that they run.
func testExists(t *testing.T, dir, name, part string) bool {
	t.Helper()
	tests := goText(t, filepath.Join(dir, "*_test.go"))
	if !strings.Contains(tests, "func "+name+"(t *testing.T)") {
		return false
	}
	if part == "" {
		return true
	}
	for _, kit := range []string{"sinktest", "sourcetest"} {
		if strings.Contains(tests, kit+".Run(") {
			tests += goText(t, filepath.Join("runner", kit, "*.go"))
		}
	}
	return strings.Contains(tests, `t.Run("`+part+`"`) || strings.Contains(tests, `{"`+part+`", test`)
}

func goText(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(b)
	}
	return text.String()
}
