using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Planning;

namespace Sluice.Core.Tests.Planning;

public sealed class IntentDigestTests
{
    private static readonly IntendedObject Orders = Table("orders");

    private static readonly Person Ada = Somebody("1", "ada");

    private static readonly AccessIntent Intent = new() { Prefix = "SLUICE", Objects = [Orders], Identities = [new IdentityHolders("ada_db", [Ada])], MembersOf = static _ => [] };

    private static readonly DesiredFact Grant = new(new FactKey(FactKind.Grant, Orders.Object.Path, "aud", "SELECT"), "definition", "because");

    [Fact]
    public void Whatever_changes_what_is_done_there_changes_it()
    {
        AccessIntent[] intents =
        [
            Intent,
            Intent with { Prefix = "OTHER" },
            Intent with { ProtectsUnregistered = false },
            Intent with { MasksInView = true },
            Intent with { GroupBudget = 1 },
            Intent with { Scope = "a" },
            Intent with { ExemptRoles = ["etl"] },
            Intent with { MaskFunctionSchemas = ["etl"] },
            Intent with { ExemptRoles = ["et", "l"] },
            Intent with { Objects = [] },
            Intent with { Objects = [Table("invoices")] },
            Intent with { Objects = [Orders, Table("invoices")] },
            Intent with { Objects = [Orders with { NativeId = "7" }] },
            Intent with { Objects = [Orders with { GrantMethod = "named" }] },
            Intent with { Identities = [] },
            Intent with { Identities = [new IdentityHolders("ada_db2", [Ada])] },
            Intent with { Identities = [new IdentityHolders("ada_db", [Somebody("2", "ada")])] },
            Intent with { Identities = [new IdentityHolders("ada_db", [Somebody("1", "ada.l")])] },
            Intent with { Identities = [new IdentityHolders("ada_db", [Ada with { IsEnabled = false }])] },
            Intent with { Identities = [new IdentityHolders("ada_db", [Ada, Somebody("2", "bob")])] },
            Intent with { Identities = [new IdentityHolders("ada_db", [Ada]), new IdentityHolders("bob", [])] },
        ];
        DesiredFact[][] facts =
        [
            [],
            [Grant with { Key = Grant.Key with { Kind = FactKind.Member } }],
            [Grant with { Key = Grant.Key with { Object = null } }],
            [Grant with { Key = Grant.Key with { Object = new ObjectPath("pg", "shop", "orders") } }],
            [Grant with { Key = Grant.Key with { Subject = "other" } }],
            [Grant with { Key = Grant.Key with { Subject = "audS", Detail = "ELECT" } }],
            [Grant with { Definition = "" }],
            [Grant with { IsDirect = true }],
            [Grant, Grant],
        ];

        var digests = intents.Select(static i => Of(i, Grant)).Concat(facts.Select(static f => Of(Intent, f))).Select(Convert.ToHexString).ToList();

        digests.ShouldBeUnique();
    }

    [Fact]
    public void Why_something_is_asked_for_does_not() =>
        Of(Intent, Grant with { Reason = "another policy says so too" }).ShouldBe(Of(Intent, Grant));

    private static byte[] Of(AccessIntent intent, params DesiredFact[] facts) => IntentDigest.Of(intent, new DesiredState(facts, []));

    private static Person Somebody(string id, string username) => new() { Id = id, Username = username, Groups = new HashSet<string>(), Attributes = new HashSet<PersonAttribute>() };

    private static IntendedObject Table(string name) => new()
    {
        Object = new GovernedObject { Path = new ObjectPath("pg", "shop", "public", name), Kind = ObjectKind.Table, Tags = [], Columns = [] },
        Access = new ObjectAccess { Read = AccessRule.Nobody, Write = AccessRule.Nobody },
    };
}
