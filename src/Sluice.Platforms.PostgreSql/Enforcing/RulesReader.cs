using System.Security.Cryptography;
using System.Text;
using Sluice.Platforms.PostgreSql.Crawling;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A policy as the server keeps it.</summary>
/// <param name="Table">By oid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Form">Permissive or restrictive, for which command, for whom, with which check: all but the condition.</param>
/// <param name="Condition">The condition in the server's own spelling.</param>
/// <param name="Comment">Its comment.</param>
internal sealed record KeptPolicy(long Table, string Name, string Form, string Condition, string? Comment)
{
    private const string RestrictiveForm = "restrictive r public NULL";
    private const string BaseForm = "permissive * public true";

    /// <summary>The comment of a policy of ours: whose it is, what it was made from and how the server spelled that.</summary>
    public static string CommentOf(InstanceMark mark, string definition, string kept) => $"{mark.Comment} Rule {Digest(definition)}, kept as {Digest(kept)}.";

    /// <summary>Whether it is still what it was made as, from that definition.</summary>
    public bool IsAsMade(InstanceMark mark, string definition) => Form == RestrictiveForm && Comment == CommentOf(mark, definition, Condition);

    /// <summary>Whether it is the policy that permits everything.</summary>
    public bool IsBase => Form == BaseForm && Condition == "true";

    // A server spells conditions its own way, by version and by the types of columns: what it spelled is remembered, not foretold.
    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}

/// <summary>What schema sluice of a database holds about people.</summary>
/// <param name="Registered">Who is registered.</param>
/// <param name="Exemptions">Who is exempt from what.</param>
/// <param name="Entitlements">What is known of whom.</param>
/// <param name="HasSalt">Whether there is a salt, and the views may read it.</param>
internal sealed record PeopleRows(
    IReadOnlyList<string> Registered, IReadOnlyList<(string Identity, string Audience)> Exemptions, IReadOnlyList<(string Identity, string Known)> Entitlements, bool HasSalt);

/// <summary>Schema sluice of a database.</summary>
/// <param name="Owner">Whose it is by its comment.</param>
/// <param name="Difference">What of it is not as it was made; null when nothing is, empty when there is nothing at all.</param>
/// <param name="HasTables">Whether all its tables are there.</param>
internal sealed record SupportState(MarkOwner Owner, string? Difference, bool HasTables);

/// <summary>Reads what row rules are made of.</summary>
internal static class RulesReader
{
    private const string AllPolicies = """
        SELECT p.polrelid::bigint, p.polname::text,
               pg_catalog.concat_ws(' ', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, p.polcmd::text,
                 CASE WHEN p.polroles = '{0}' THEN 'public' ELSE p.polroles::text END, COALESCE(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), 'NULL')),
               COALESCE(pg_catalog.pg_get_expr(p.polqual, p.polrelid), 'NULL'), pg_catalog.left(pg_catalog.obj_description(p.oid, 'pg_policy'), 1000)
        FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        """;

    /// <summary>The policies of a database.</summary>
    public const string Policies = $"{AllPolicies} WHERE {CatalogQueries.OfUsers}";

    /// <summary>The policies of the table $2 in schema $1.</summary>
    public const string PoliciesOfTable = $"{AllPolicies} WHERE n.nspname = $1 AND c.relname = $2";

    /// <summary>The schema's comment, whether the account itself owns it, and who does: a member of another owner could change what is in it.</summary>
    public const string Schema = """
        SELECT pg_catalog.left(pg_catalog.obj_description(n.oid, 'pg_namespace'), 1000), pg_catalog.pg_get_userbyid(n.nspowner) = SESSION_USER,
               pg_catalog.pg_get_userbyid(n.nspowner)::text
        FROM pg_catalog.pg_namespace n WHERE n.nspname = 'sluice'
        """;

    private const string Tables = """
        SELECT c.relname::text,
               (SELECT pg_catalog.string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
               c.relkind = 'r' AND NOT c.relrowsecurity AND pg_catalog.pg_get_userbyid(c.relowner) = SESSION_USER
                 AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) a
                                 WHERE a.grantee <> c.relowner AND NOT (c.relname = 'salt' AND a.privilege_type = 'SELECT' AND a.grantee <> 0 AND pg_catalog.pg_get_userbyid(a.grantee) = $1))
                 AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
                 AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'sluice' AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
        """;

    private const string Functions = """
        SELECT p.proname::text, pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.format_type(p.prorettype, NULL), p.prosrc,
               l.lanname = 'sql' AND p.provolatile = 's' AND p.prokind = 'f' AND NOT p.proretset AND pg_catalog.pg_get_userbyid(p.proowner) = SESSION_USER
                 AND EXISTS (SELECT FROM pg_catalog.aclexplode(COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) a WHERE a.grantee = 0),
               p.prosecdef, pg_catalog.array_to_string(p.proconfig, ';')
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE n.nspname = 'sluice'
        """;

    private const string HasSalt = """
        SELECT EXISTS (SELECT FROM sluice.salt) AND EXISTS (
          SELECT FROM pg_catalog.pg_class c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a
          WHERE c.oid = 'sluice.salt'::pg_catalog.regclass AND a.privilege_type = 'SELECT' AND a.grantee <> 0 AND pg_catalog.pg_get_userbyid(a.grantee) = $1)
        """;

    private const string PathSetting = "search_path=pg_catalog, pg_temp";

    /// <summary>Reads the policies.</summary>
    public static Task<List<KeptPolicy>> PoliciesAsync(DatabaseConnection database, CancellationToken cancellationToken) =>
        database.ReadAsync([new Query(Policies)], static answer => answer.RowsAsync(PolicyAsync), cancellationToken);

    /// <summary>Reads a row of <see cref="Policies"/>.</summary>
    public static async Task<KeptPolicy> PolicyAsync(Answer row) =>
        new(await row.LongAsync(), await row.TextAsync(), await row.TextAsync(), await row.TextAsync(), await row.OptionalTextAsync());

    /// <summary>Reads the schema; null when it is not there.</summary>
    public static Task<SupportState?> SupportAsync(
        DatabaseConnection database, NativeNames names, InstanceMark mark, CancellationToken cancellationToken) => database.ReadAsync(
        [new Query(Schema), new Query(Tables, names.ViewOwner), new Query(Functions)],
        async answer =>
        {
            var schema = await answer.RowsAsync(static async r => await r.OptionalTextAsync());
            await answer.NextResultAsync();
            var tables = await answer.RowsAsync(static async r => (Name: await r.TextAsync(), Columns: await r.OptionalTextAsync(), IsPrivate: await r.BooleanAsync()));
            await answer.NextResultAsync();
            var functions = await answer.RowsAsync(static async r => (
                Name: await r.TextAsync(), Arguments: await r.TextAsync(), Returns: await r.TextAsync(), Body: await r.TextAsync(), IsPlain: await r.BooleanAsync(),
                IsDefiner: await r.BooleanAsync(), Settings: await r.OptionalTextAsync()));
            if (schema.Count == 0) return null;
            var changedTables = SupportSchema.Tables
                .Where(t => !tables.Exists(f => f.Name == t.TableName && f.Columns == t.Columns && f.IsPrivate)).Select(t => t.QualifiedName).ToList();
            var changedFunctions = SupportSchema.Functions
                .Where(t => !functions.Exists(f => f.Name == t.FunctionName && f.Arguments == t.Arguments && f.Returns == t.Returns && f.Body == t.Body && f.IsPlain
                    && f.IsDefiner == t.IsDefiner && f.Settings?.StartsWith(PathSetting, StringComparison.Ordinal) == true))
                .Select(t => t.Signature).ToList();
            var isEmpty = tables.Count == 0 && functions.Count == 0;
            var difference = string.Join(", ", changedTables.Concat(changedFunctions));
            return new SupportState(
                mark.OwnerOf(schema[0]), isEmpty ? "" : difference.Length == 0 ? null : difference,
                SupportSchema.Tables.All(t => tables.Exists(f => f.Name == t.TableName && f.Columns == t.Columns)));
        },
        cancellationToken);

    /// <summary>Reads what is told the database about people; the tables have to be there.</summary>
    public static Task<PeopleRows> PeopleAsync(DatabaseConnection database, NativeNames names, CancellationToken cancellationToken) => database.ReadAsync(
        [
            new Query("SELECT r.identity FROM sluice.registered r"),
            new Query("SELECT e.identity, e.audience FROM sluice.exemption e"),
            new Query("SELECT e.identity, e.known::text FROM sluice.entitlement e"),
            new Query(HasSalt, names.ViewOwner),
        ],
        static async answer =>
        {
            var registered = await answer.RowsAsync(static r => r.TextAsync());
            await answer.NextResultAsync();
            var exemptions = await answer.RowsAsync(static async r => (await r.TextAsync(), await r.TextAsync()));
            await answer.NextResultAsync();
            var entitlements = await answer.RowsAsync(static async r => (await r.TextAsync(), await r.TextAsync()));
            await answer.NextResultAsync();
            return new PeopleRows(registered, exemptions, entitlements, (await answer.RowsAsync(static r => r.BooleanAsync()))[0]);
        },
        cancellationToken);
}
