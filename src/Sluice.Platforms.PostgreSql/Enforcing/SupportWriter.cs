using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Makes and removes schema sluice of a database.</summary>
internal sealed class SupportWriter(WriteTransaction transaction, NativeNames names, InstanceMark mark)
{
    // Nobody but the owner, and of the salt the views, has a right on the private tables, whatever was granted, or is by default.
    private const string Grantees = """
        SELECT DISTINCT c.relname::text, pg_catalog.textsend(r.rolname::text)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
        WHERE n.nspname = 'sluice' AND c.relkind = 'r' AND a.grantee <> c.relowner AND NOT (c.relname = 'salt' AND r.rolname = $1)
        """;

    private const string IsEmpty = """
        SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid) AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid)
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid)
        FROM pg_catalog.pg_namespace n WHERE n.nspname = 'sluice'
        """;

    /// <summary>Makes a change of the schema itself.</summary>
    public async Task WriteAsync(Change change)
    {
        var there = await transaction.ReadAsync(
            new Query(RulesReader.Schema), async r => (Owner: mark.OwnerOf(await r.OptionalTextAsync()), IsOwn: await r.BooleanAsync(), OwnedBy: await r.TextAsync()));
        var found = there.Count > 0;
        if (found && (there[0].Owner == MarkOwner.OtherInstance || !there[0].IsOwn))
        {
            var whose = there[0].Owner == MarkOwner.OtherInstance ? "another instance of Sluice uses it" : $"{there[0].OwnedBy} owns it, and not the account";
            throw new PlatformException(
                PlatformFailure.Refused, $"Schema {SupportSchema.Name} can't be used: {whose}. Row rules and masks of views in this database can't be enforced");
        }

        if (change.Verb == ChangeVerb.Remove)
        {
            if (!found || there[0].Owner != MarkOwner.ThisInstance) return;
            await transaction.ExecuteAsync(SupportSchema.Drop);
            if ((await transaction.ReadAsync(new Query(IsEmpty), static r => r.BooleanAsync()))[0]) await transaction.ExecuteAsync($"DROP SCHEMA {SupportSchema.Name}");
            return;
        }

        await transaction.ExecuteAsync(Create(mark));
        var grantees = await transaction.ReadAsync(new Query(Grantees, names.ViewOwner), static async r => (Table: await r.TextAsync(), Role: (await r.SharedTextAsync()).Text));
        await transaction.ExecuteAsync([.. grantees.Select(g => $"REVOKE ALL ON TABLE {SupportSchema.Name}.{Sql.Quote.Identifier(g.Table)} FROM {Statements.Role(g.Role)} CASCADE")]);
    }

    /// <summary>The statements that make it.</summary>
    public static IReadOnlyList<string> Create(InstanceMark mark) =>
    [
        $"CREATE SCHEMA IF NOT EXISTS {SupportSchema.Name}",
        $"COMMENT ON SCHEMA {SupportSchema.Name} IS {Sql.Quote.Literal(mark.Comment)}",
        .. SupportSchema.Create,
    ];
}
