using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.PostgreSql.Tests.Enforcing;

public sealed class KeptGrantTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["a\"\n; ß"], 1, 8].Where(n => n is not ("public" or "none"));

    [Fact]
    public void What_was_kept_reads_back_as_it_was_whatever_the_names_hold() =>
        Gen.Select(Name, Name, Name, Gen.Select(Name, Gen.Bool, (grantor, isGrantable) => new KeptGrant(grantor, isGrantable)).List[1, 3]).Sample((schema, table, grantee, grants) =>
        {
            var (path, kept) = (new ObjectPath("pg", "db", schema, table), grants.DistinctBy(g => g.Grantor).OrderBy(g => g.Grantor, StringComparer.Ordinal).ToList());
            var privilege = new Privilege(Privilege.Select, kept[0].IsGrantable ? "a \"column\"" : null);

            KeptGrants.Read(new FactKey(FactKind.Grant, path, grantee, privilege.ToString()), KeptGrants.Write(path, privilege, grantee, kept)).ShouldBe(kept);
        });

    [Theory]
    [InlineData("")]
    [InlineData("DROP TABLE customers;")]
    [InlineData("SET LOCAL ROLE \"owner\"; GRANT SELECT ON TABLE \"public\".\"orders\" TO \"mallory\"; RESET ROLE;")]
    [InlineData("SET LOCAL ROLE \"owner\"; GRANT SELECT ON TABLE \"public\".\"customers\" TO \"mallory\"; RESET ROLE; DROP TABLE customers;")]
    public void Anything_else_is_refused(string text) =>
        Should.Throw<FormatException>(() => KeptGrants.Read(new FactKey(FactKind.Grant, new ObjectPath("pg", "db", "public", "customers"), "mallory", "SELECT"), text));
}
