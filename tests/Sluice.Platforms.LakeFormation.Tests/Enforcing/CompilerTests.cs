using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Enforcing;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Enforcing;

/// <summary>The pure half: texts, costs and keys.</summary>
public sealed class CompilerTests
{
    private static readonly ObjectPath Orders = EnforcedLake.Path("sales/orders");

    [Theory]
    [InlineData(1, 1, 1, 1, false)]
    [InlineData(20, 1, 20, 1, false)]
    [InlineData(400, 10, 40, 1, true)]
    [InlineData(100_000, 5_000, 20, 1, false)]
    [InlineData(120_000, 5_000, 24, 1, true)]
    public void Tags_are_taken_where_they_cost_fewer_calls(long named, long assignments, long members, long audiences, bool isTag) =>
        TagPlan.IsTagCheaper(named, assignments, members, audiences).ShouldBe(isTag);

    [Theory]
    [InlineData("SELECT")]
    [InlineData("ALL")]
    [InlineData("""SELECT except ["a","b \" , ü"]""")]
    [InlineData("""SELECT on ["a except b"]""")]
    public void A_privilege_reads_back_from_its_text(string text) => Privilege.Parse(text).ToString().ShouldBe(text);

    [Fact]
    public void Columns_are_in_lower_case_and_sorted_so_that_what_is_observed_is_what_is_desired() =>
        Privilege.SelectExcept(["Zip", "email", "EMAIL"]).ToString().ShouldBe("""SELECT except ["email","zip"]""");

    [Fact]
    public void A_group_shares_a_key_no_key_overflows_and_the_order_of_groups_means_nothing()
    {
        var id = Gen.Int[0, 400].Select(i => new AudienceId(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i)).AsSpan(0, 20))));
        Gen.Select(id, id.Array[0, 6]).List[0, 300].Sample(pairs =>
        {
            var groups = pairs.DistinctBy(p => p.Item1).ToDictionary(p => p.Item1, p => p.Item2.Append(p.Item1).ToHashSet());

            var placed = KeyPlacement.Place(groups, valuesOfKey: 50);

            placed.ShouldBe(KeyPlacement.Place(groups.Reverse().ToDictionary(), valuesOfKey: 50), ignoreOrder: true);
            foreach (var key in placed.GroupBy(p => p.Value))
            {
                key.Key.ShouldBeInRange(1, 16);
                key.SelectMany(p => groups[p.Key]).Distinct().Count().ShouldBeLessThanOrEqualTo(50);
            }
        });
    }

    [Fact]
    public void Nobody_is_granted_what_this_principal_cannot_grant()
    {
        var ann = EnforcedLake.Person("ann", "Sales");
        var desired = Compile([ann], Item(EnforcedLake.Readable(People.Rule("Sales")), "none"));

        desired.Facts.ShouldBeEmpty();
        desired.Shortfalls.ShouldHaveSingleItem().Reason.ShouldStartWith("cannot enforce");
    }

    [Fact]
    public void A_group_or_account_is_no_identity_of_a_person()
    {
        string[] names = ["arn:aws:identitystore:::group/g", "123456789012", "IAM_ALLOWED_PRINCIPALS", "arn:aws:iam::123456789012:saml-provider/x", "ann"];
        var people = names.Select(n => new IdentityHolders(n, [People.Person(n, ["Sales"])])).ToArray();

        Compile(people, Item(EnforcedLake.Readable(People.Rule("Sales")), "named") with { DirectReaders = [.. names] }).Facts.ShouldBeEmpty();
    }

    [Fact]
    public void Who_is_left_no_column_is_granted_nothing()
    {
        var access = EnforcedLake.Readable(People.Rule("Sales"), EnforcedLake.Mask("id", People.Rule("Privacy")));
        var desired = Compile([EnforcedLake.Person("ann", "Sales"), EnforcedLake.Person("bob", "Sales", "Privacy")], Item(access, "named"));

        desired.Facts.Where(f => f.Key.Object!.Depth == 2).ShouldHaveSingleItem().Key.ShouldBe(new FactKey(FactKind.Grant, Orders, EnforcedLake.Arn("bob"), "SELECT"));
        desired.Shortfalls.ShouldContain(s => s.Reason.StartsWith("cannot enforce: every column is masked", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FactKind.Grant, "arn:aws:iam::1:user/ann", """SELECT except ["email"]""", "", ChangeVerb.Add, """lakeformation:BatchGrantPermissions: SELECT on table "sales"."orders" without the columns "email" to arn:aws:iam::1:user/ann""")]
    [InlineData(FactKind.Grant, "arn:aws:iam::1:user/ann", "INSERT", "with the grant option", ChangeVerb.Remove, """lakeformation:BatchRevokePermissions: INSERT and the grant option on INSERT on table "sales"."orders" from arn:aws:iam::1:user/ann""")]
    [InlineData(FactKind.Grant, "sluice_r1=ab", "SELECT", "", ChangeVerb.Add, """lakeformation:AddLFTagsToResource: sluice_r1=ab to table "sales"."orders" """)]
    [InlineData(FactKind.Grant, "sluice_r1=ab", "SELECT", "", ChangeVerb.Remove, """lakeformation:RemoveLFTagsFromResource: sluice_r1=ab from table "sales"."orders" """)]
    [InlineData(FactKind.Mask, "email", "sluice_r1", "none", ChangeVerb.Add, """lakeformation:AddLFTagsToResource: sluice_r1=none to the columns "email" of table "sales"."orders" """)]
    [InlineData(FactKind.Member, "sluice_r1=ab", "arn:aws:iam::1:user/ann", "SELECT, DESCRIBE", ChangeVerb.Add, "lakeformation:BatchGrantPermissions: SELECT, DESCRIBE on tables with sluice_r1=ab to arn:aws:iam::1:user/ann")]
    public void A_change_reads_as_its_call(FactKind kind, string subject, string detail, string definition, ChangeVerb verb, string text) =>
        ChangeText.Of(new Change(ChangePhase.Grant, verb, new FactKey(kind, kind == FactKind.Member ? null : Orders, subject, detail), definition, "")).ShouldHaveSingleItem().ShouldBe(text.Trim());

    [Theory]
    [InlineData("varchar(20)", ColumnFamily.Text)]
    [InlineData("bigint", ColumnFamily.Integer)]
    [InlineData("DECIMAL(10,2)", ColumnFamily.Number)]
    [InlineData("timestamp", ColumnFamily.Time)]
    [InlineData("array<string>", ColumnFamily.Other)]
    public void Types_are_told_apart_by_their_values(string type, ColumnFamily family) => Payload.Platform().FamilyOf(type).ShouldBe(family);

    private static DesiredState Compile(IReadOnlyList<IdentityHolders> identities, IntendedObject item) => Payload.Platform().Compile(new AccessIntent
    {
        Prefix = "SLUICE", Objects = [item], Identities = identities, MembersOf = People.Decide(identities),
    });

    private static IntendedObject Item(ObjectAccess access, string method) => new()
    {
        Object = new GovernedObject { Path = Orders, Kind = ObjectKind.Table, Tags = [], Columns = [new GovernedColumn("id", "bigint", [])] },
        GrantMethod = method,
        Access = access,
    };
}
