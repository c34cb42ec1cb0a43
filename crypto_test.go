package godwit

import (
	"context"
	"os"
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// TestCryptoHelpers compares what the helpers of DBMS_CRYPTO make by pgcrypto with values of OpenSSL, and asks for their errors.
func TestCryptoHelpers(t *testing.T) {
	enginetest.Postgres(t, 15)
	ctx := context.Background()
	s := rows.Connect(t, ctx, enginetest.FreshPostgres(t, 15, "crypto"))
	defer s.Close(ctx)
	text := "CREATE SCHEMA godwit_oracle; CREATE EXTENSION pgcrypto;"
	for _, name := range []string{"crypto_block", "dbms_crypto_encrypt", "dbms_crypto_decrypt"} {
		b, err := os.ReadFile("emit/postgres/helpers/oracle/" + name + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		text += string(b)
	}
	if out := s.Entry(ctx, []rows.Statement{{SQL: text}}); len(out) == 1 && out[0].Failed {
		if strings.Contains(s.Errors[0], "0A000") || strings.Contains(s.Errors[0], "58P01") {
			t.Skip("the server has no extension pgcrypto")
		}
		t.Fatal(s.Errors)
	}
	const key = `'\x000102030405060708090a0b0c0d0e0f'`
	for call, want := range map[string]string{
		`encode(godwit_oracle.dbms_crypto_encrypt('hello world', 4360, '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'), 'hex')`:                               "af79df073287ee3f511d2556d54dce39",
		`encode(godwit_oracle.dbms_crypto_encrypt('0123456789abcdef', 4358, ` + key + `, '\x0f0e0d0c0b0a09080706050403020100'), 'hex')`:                                             "ff14dbe405cc0ee24d0de41289f0fc988680054fc9016bbf4f4067cd27826cdb",
		`convert_from(godwit_oracle.dbms_crypto_decrypt('\xaf79df073287ee3f511d2556d54dce39', 4360, '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'), 'UTF8')`: "hello world",
		`godwit_oracle.dbms_crypto_decrypt('\xff14dbe405cc0ee24d0de41289f0fc988680054fc9016bbf4f4067cd27826cdb', 4358, '\xff0102030405060708090a0b0c0d0e0f')`:                       "22023 ORA-28817",
		`godwit_oracle.dbms_crypto_encrypt('x', 4358, '\x00')`:        "22023 ORA-28234",
		`godwit_oracle.dbms_crypto_encrypt('x', 4358, NULL)`:          "22004 ORA-28239",
		`godwit_oracle.dbms_crypto_encrypt('x', 4353, ` + key + `)`:   "0A000",
		`godwit_oracle.dbms_crypto_encrypt(NULL, 4358, ` + key + `)`:  "22004 ORA-28231",
		`godwit_oracle.dbms_crypto_decrypt('abc', 4358, ` + key + `)`: "22023 ORA-28817",
	} {
		out := s.Entry(ctx, []rows.Statement{{SQL: "SELECT " + call, Rows: true}})
		switch {
		case len(out) != 1:
			t.Errorf("%s: no answer", call)
		case out[0].Failed:
			if last := s.Errors[len(s.Errors)-1]; !strings.HasPrefix(last, want) {
				t.Errorf("%s: %s, want %s", call, last, want)
			}
		case out[0].Rows[0][0] == nil || *out[0].Rows[0][0] != want:
			t.Errorf("%s: %v, want %s", call, out[0].Rows, want)
		}
	}
}

// Encryption is refused unless the user has chosen the extension.
func TestCryptoPolicy(t *testing.T) {
	in := []*source.File{source.NewFile("in.sql", "CREATE TABLE t (v RAW(100), k RAW(16));\nSELECT DBMS_CRYPTO.ENCRYPT(v, 4358, k) FROM t;\n")}
	for policy, want := range map[string]string{"": "FN0713", "pgcrypto": "SELECT godwit_oracle.dbms_crypto_encrypt(v, 4358, k) FROM t"} {
		opt := Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15}
		opt.Policy.Crypto = policy
		c, err := Translate(in, opt)
		if err != nil {
			t.Fatal(err)
		}
		u := c.Units[1]
		got := ""
		for _, f := range u.Findings {
			got += f.Code + " "
		}
		for _, o := range u.Outputs {
			got += o.SQL
		}
		if !strings.Contains(got, want) {
			t.Errorf("policy %q: %s, want %s", policy, got, want)
		}
	}
}
