using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Sluice.Storage.Databases;

/// <summary>Runs SQL written by hand on a context's connection, in its transaction. Values only ever travel as parameters.</summary>
internal static class Statements
{
    public static async Task<int> ExecuteAsync(
        this SluiceContext context, string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = context.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<List<T>> QueryAsync<T>(
        this SluiceContext context, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters)
    {
        await using var command = context.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    public static async Task<long?> NumberAsync(
        this SluiceContext context, string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = context.Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? Convert.ToInt64(value) : null;
    }

    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static bool? Flag(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetBoolean(column);

    public static DateTimeOffset? Moment(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : UtcTicks.Moment(reader.GetInt64(column));

    private static DbCommand Command(this SluiceContext context, string sql, (string Name, object? Value)[] parameters)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value switch
            {
                null => DBNull.Value,
                DateTimeOffset moment => moment.UtcTicks,
                Enum member => Convert.ToInt32(member),
                _ => value,
            };
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
