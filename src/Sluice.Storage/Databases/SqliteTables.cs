using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Sluice.Storage.Databases;

/// <summary>
/// Makes the large tables of narrow rows WITHOUT ROWID: the key is the table, not an index beside it, which saves a third of a bulk load and of
/// the file. EF has no word for it.
/// </summary>
internal sealed class SqliteTables(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    // EF rebuilds a table under a temporary name.
    private const string RebuiltPrefix = "ef_temp_";
    private static readonly string[] ByKey = ["data_columns", "object_tags", "query_event_objects", "query_event_people", "lineage_tags"];

    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        base.Generate(operation, model, builder, terminate: false);
        var name = operation.Name.StartsWith(RebuiltPrefix, StringComparison.Ordinal) ? operation.Name[RebuiltPrefix.Length..] : operation.Name;
        if (ByKey.Contains(name)) builder.Append(" WITHOUT ROWID");
        if (!terminate) return;
        builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
        EndStatement(builder);
    }
}
