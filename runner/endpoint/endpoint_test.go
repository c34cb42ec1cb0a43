package endpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Setenv("GODWIT_TEST_SECRET", "s3cret/:@")
	file := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(file, []byte("from file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ in, text, pw, mode string }{
		{"mysql://root:pw@h:3307/shop", "mysql://root@h:3307/shop", "pw", "prefer"},
		{"mariadb://root@h/", "mysql://root@h:3306/", "", "prefer"},
		{"mysql://u:env:GODWIT_TEST_SECRET@h/s?sslmode=require", "mysql://u@h:3306/s", "s3cret/:@", "require"},
		{"postgres://u@h/d?password=file:" + file + "&sslmode=disable", "postgres://u@h:5432/d", "from file", "disable"},
		{"postgresql://u:p%40@[::1]:55/d?ca=/x.pem", "postgres://u@[::1]:55/d", "p@", "verify-full"},
		{"mysql://u:p@localhost/d?socket=/run/m.sock&sslmode=disable", "mysql://u@/run/m.sock/d", "p", "disable"},
	} {
		e, err := Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if e.String() != c.text || e.Password() != c.pw || e.TLS.Mode != c.mode {
			t.Errorf("%s: got %s, password %q, sslmode %s", c.in, e, e.Password(), e.TLS.Mode)
		}
	}
}

func TestParseErrorsKeepTheSecret(t *testing.T) {
	for _, in := range []string{
		"oracle://u:hidden@h/d", "mysql://u:hidden@h:port/d", "mysql://u:hidden@h/d?sslmode=often",
		"mysql://u:hidden@h/d?cert=a.pem", "mysql://u:hid%zzden@h/d", "mysql://u@h/d?password=env:GODWIT_NO_SUCH",
	} {
		e, err := Parse(in)
		if err == nil {
			t.Errorf("%s: no error, got %v", in, e)
			continue
		}
		for _, form := range []string{err.Error(), Redact(in), fmt.Sprintf("%v %+v %#v", e, e, e)} {
			if strings.Contains(form, "hid") {
				t.Errorf("%s: the password shows in %q", in, form)
			}
		}
	}
}

func TestIsURL(t *testing.T) {
	for s, want := range map[string]bool{"mysql://h/d": true, "dump.sql": false, "./a://b": false, "C:\\x": false} {
		if IsURL(s) != want {
			t.Errorf("IsURL(%q) = %v", s, !want)
		}
	}
}
