using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>What a SHOW command lists.</summary>
internal sealed record ShowWhat(Domain Domain)
{
    public static ShowWhat Objects { get; } = new(Domain.Table) { IsObjects = true };

    public static ShowWhat Columns { get; } = new(Domain.Column);

    public bool IsObjects { get; private init; }
}

/// <summary>IN ...: a kind and a name, of which either may be missing.</summary>
internal sealed record ShowScope(Domain? Domain, ObjectName? Name);

/// <summary>SHOW objects [LIKE] [IN] [STARTS WITH] [LIMIT ... FROM].</summary>
internal sealed class ShowStatement(ShowWhat what) : Statement
{
    public bool Terse { get; init; }

    public bool History { get; init; }

    public required ShowFilter Filter { get; init; }

    public required ShowScope Scope { get; init; }

    public override bool Writes => false;

    public override bool IsQuery => true;

    public override Outcome Execute(StatementContext context)
    {
        // Masking and row access policies need the Enterprise edition (https://docs.snowflake.com/en/user-guide/intro-editions).
        if (context.Runtime.Options.Edition == SnowflakeEdition.Standard && what.Domain is Domain.MaskingPolicy or Domain.RowAccessPolicy)
        {
            throw SnowflakeException.Unsupported($"SHOW {what.Domain.Plural()}");
        }

        var listing = List(context);
        var rows = Filter.Apply(listing.Rows, listing.NameIndex, context.Runtime.Options.ShowCap);
        return new(listing.Columns, rows) { StatementType = StatementTypes.Show };
    }

    private Listing List(StatementContext context) => what.Domain switch
    {
        _ when what.IsObjects => TableListings.Objects(context, Schemas(context), Terse),
        Domain.Column => ColumnListing.Of(context, Schemas(context), Scope),
        Domain.Database => ContainerListings.Databases(context, Terse, History),
        Domain.Schema => ContainerListings.Schemas(context, SchemaDatabases(context), Terse, History),
        Domain.Role => AccountListings.Roles(context),
        Domain.DatabaseRole => AccountListings.DatabaseRoles(context, Scope.Name is { } database ? context.Database(database.Name) : context.CurrentDatabase("SHOW DATABASE ROLES")),
        Domain.User => AccountListings.Users(context, Terse),
        Domain.Warehouse => AccountListings.Warehouses(context),
        Domain.Integration => AccountListings.Integrations(context),
        Domain.NetworkPolicy => AccountListings.NetworkPolicies(context),
        Domain.Tag => GovernanceListings.Tags(context, Schemas(context)),
        Domain.MaskingPolicy or Domain.RowAccessPolicy or Domain.SessionPolicy => GovernanceListings.Policies(context, Schemas(context), what.Domain),
        Domain.Function or Domain.Procedure => GovernanceListings.Functions(context, Schemas(context), what.Domain),
        _ when what.Domain.IsTableLike() => TableListings.Of(context, Schemas(context), what.Domain, Terse),
        _ => GovernanceListings.Others(context, Schemas(context), what.Domain),
    };

    private IEnumerable<DatabaseState> SchemaDatabases(StatementContext context)
    {
        if (Scope.Domain == Domain.Account) return context.Account.Databases.Values;
        if (Scope.Name is { } name) return [Found(() => context.Database(name.Name))];
        return context.Session.Database is { } current ? [current] : context.Account.Databases.Values;
    }

    /// <summary>The schemas looked into: those of the scope, else of the current schema, database or account.</summary>
    private IEnumerable<SchemaState> Schemas(StatementContext context)
    {
        switch (Scope)
        {
            case { Domain: Domain.Account }:
                return Visible(context, context.Account.Databases.Values);
            case { Domain: Domain.Database, Name: { } name }:
                return Visible(context, [Found(() => context.Database(name.Name))]);
            case { Domain: Domain.Database }:
                return Visible(context, [context.CurrentDatabase("SHOW")]);
            case { Domain: Domain.Schema, Name: { } name }:
                return [Found(() => context.Schema(name.Schema, name.Name, "SHOW"))];
            case { Domain: Domain.Schema }:
                return [context.CurrentSchema("SHOW")];
            case { Domain: Domain.Table or Domain.View, Name: { } name }:
                return [Found(() => context.SchemaOf(name, "SHOW"))];
            case { Name: { Schema: { } holder } name }:
                return [Found(() => context.Schema(holder, name.Name, "SHOW"))];
            case { Name: { } name }:
                return [Found(() => context.Schema(null, name.Name, "SHOW"))];
            default:
                return context.Session.Schema is { } schema ? [schema]
                    : context.Session.Database is { } database ? Visible(context, [database])
                    : Visible(context, context.Account.Databases.Values);
        }
    }

    private static IEnumerable<SchemaState> Visible(StatementContext context, IEnumerable<DatabaseState> databases) =>
        databases.Where(database => context.Access.Sees(database)).SelectMany(database => database.Schemas.Values).Where(schema => context.Access.Sees(schema));

    /// <summary>SHOW ... IN something that is not there answers 002043, not 002003.</summary>
    private static T Found<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (SnowflakeException problem) when (problem.Code == "002003")
        {
            throw SnowflakeException.CannotOperate();
        }
    }
}
