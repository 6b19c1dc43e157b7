using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Crawling;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A view in a schema of ours, as the server keeps it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Form">Its owner, its options and a digest of its query in the server's own spelling.</param>
/// <param name="Asks">What its query asks about whoever reads: the texts in it, and the functions of ours that it calls.</param>
/// <param name="Comment">Its comment.</param>
internal sealed record KeptView(ObjectPath Path, string Form, string Asks, string? Comment)
{
    /// <summary>What is observed of a view that is not as it is desired. What it asks stays in it: that is read until the view is another one.</summary>
    public string Other => $"another query, which asks: {Asks}";

    /// <summary>The comment of a view of ours: whose it is, what it was made from and how the server spelled that.</summary>
    public static string CommentOf(InstanceMark mark, string definition, string form) => $"{mark.Comment} View {Digest(definition)}, kept as {Digest(form)}.";

    /// <summary>Whether it is still what it was made as, from that definition.</summary>
    public bool IsAsMade(InstanceMark mark, string definition) => Comment == CommentOf(mark, definition, Form);

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}

/// <summary>A schema that views of ours are, or would be, in.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Problem">Why it can't be used; null when it can.</param>
internal sealed record ViewSchema(ObjectPath Path, string? Problem);

/// <summary>Reads the views that show tables masked.</summary>
internal static class ViewsReader
{
    private const string Selected = """
        SELECT n.nspname::text, c.relname::text, k.form, k.asks, pg_catalog.left(pg_catalog.obj_description(c.oid, 'pg_class'), 1000)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL (SELECT COALESCE(pg_catalog.pg_get_viewdef(c.oid), '') AS query) q
        CROSS JOIN LATERAL (
          SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_userbyid(c.relowner), COALESCE(pg_catalog.array_to_string(c.reloptions, ','), 'plain'),
                   pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(q.query, 'UTF8')), 'hex')) AS form,
                 COALESCE((SELECT pg_catalog.string_agg(DISTINCT COALESCE(m.m[1], m.m[2]), ' ')
                           FROM pg_catalog.regexp_matches(q.query, '"(?:[^"]|"")*"|''((?:[^'']|'''')*)''|sluice\.([a-z_]+)', 'g') AS m (m)), '') AS asks) k
        WHERE c.relkind = 'v'
        """;

    private const string Views = $"{Selected} AND {CatalogQueries.OfViews}";

    private const string OneView = $"{Selected} AND n.nspname = $1 AND c.relname = $2";

    private const string Schemas = """
        SELECT n.nspname::text, pg_catalog.left(pg_catalog.obj_description(n.oid, 'pg_namespace'), 1000), pg_catalog.pg_get_userbyid(n.nspowner) = SESSION_USER
        FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY ($1::text[])
        """;

    /// <summary>The views of a database that are in schemas of ours, and of the schemas by these names those that are there.</summary>
    public static Task<(List<KeptView> Views, List<ViewSchema> Schemas)> ReadAsync(
        DatabaseConnection database, ObjectPath path, InstanceMark mark, string[] schemas, CancellationToken cancellationToken) => database.ReadAsync(
        [new Query(Views), new Query(Schemas, (object)schemas)],
        async answer =>
        {
            var views = await answer.RowsAsync(r => ViewAsync(r, path));
            await answer.NextResultAsync();
            return (views, await answer.RowsAsync(r => SchemaAsync(r, path, mark)));
        },
        cancellationToken);

    /// <summary>A view, in a transaction; null when there is no view by this name.</summary>
    public static async Task<KeptView?> ReadAsync(WriteTransaction transaction, ObjectPath path) =>
        (await transaction.ReadAsync(new Query(OneView, path.Parent!.Name, path.Name), r => ViewAsync(r, path.Parent!.Parent!))).FirstOrDefault();

    /// <summary>A schema, in a transaction; null when it is not there.</summary>
    public static async Task<ViewSchema?> SchemaAsync(WriteTransaction transaction, ObjectPath path, InstanceMark mark) =>
        (await transaction.ReadAsync(new Query(Schemas, (object)new[] { path.Name }), r => SchemaAsync(r, path.Parent!, mark))).FirstOrDefault();

    private static async Task<KeptView> ViewAsync(Answer row, ObjectPath database) =>
        new(database.Child(await row.TextAsync()).Child(await row.TextAsync()), await row.TextAsync(), await row.TextAsync(), await row.OptionalTextAsync());

    private static async Task<ViewSchema> SchemaAsync(Answer row, ObjectPath database, InstanceMark mark)
    {
        var (name, owner, isOwn) = (await row.TextAsync(), mark.OwnerOf(await row.OptionalTextAsync()), await row.BooleanAsync());
        var problem = owner switch
        {
            MarkOwner.OtherInstance => "is used by another instance of Sluice",
            MarkOwner.Nobody => "was made by somebody else",
            _ => isOwn ? null : "is owned by somebody else",
        };
        return new ViewSchema(database.Child(name), problem is null ? null : $"schema {name} {problem}: no view is made in it. Choose another prefix for this connection");
    }
}
