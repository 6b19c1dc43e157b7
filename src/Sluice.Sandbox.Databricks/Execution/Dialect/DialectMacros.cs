using System.Globalization;
using System.Security.Cryptography;
using DuckDB.NET.Data;

namespace Sluice.Sandbox.Databricks.Execution.Dialect;

/// <summary>What the embedded engine is taught so that functions, casts and operators answer as a warehouse's do.</summary>
internal static class DialectMacros
{
    private const string Folder = "Sluice.Sandbox.Databricks.Execution.Dialect.";

    /// <summary>Lets a connection's queries reckon with texts, which costs its numbers their width.</summary>
    public const string ReckonWithTexts = "SET search_path = 'lenient,main'";

    /// <summary>Teaches an engine that was just made; whoever connects to it afterwards has all of it.</summary>
    public static void Install(DuckDBConnection root)
    {
        Register<double>(root, "sandbox_double_text", SparkNumbers.Text);
        Register<float>(root, "sandbox_float_text", SparkNumbers.Text);
        root.RegisterScalarFunction<string, int, string>("sandbox_digest", (readers, writer, count) =>
        {
            for (ulong row = 0; row < count; row++)
            {
                if (!readers[0].IsValid(row) || !readers[1].IsValid(row)) writer.WriteNull(row);
                else writer.WriteValue(Digest(readers[0].GetValue<string>(row), readers[1].GetValue<int>(row)), row);
            }
        });
        Register(root, "sandbox_from_json", JsonShapes.Read);
        Register(root, "sandbox_json_at", JsonPaths.Find);
        Register(root, "sandbox_json_text", JsonTexts.Of);
        root.RegisterScalarFunction<DateTime, string, string>("sandbox_date_format", (readers, writer, count) =>
        {
            for (ulong row = 0; row < count; row++)
            {
                if (!readers[0].IsValid(row) || !readers[1].IsValid(row)) writer.WriteNull(row);
                else writer.WriteValue(readers[0].GetValue<DateTime>(row).ToString(readers[1].GetValue<string>(row), CultureInfo.InvariantCulture), row);
            }
        });
        foreach (var name in new[] { "operators", "casts", "functions", "nested", "lenient" }) Run(root, name);
    }

    private static void Register<T>(DuckDBConnection root, string name, Func<T, string> text) where T : struct =>
        root.RegisterScalarFunction<T, string>(name, (readers, writer, count) =>
        {
            for (ulong row = 0; row < count; row++)
            {
                if (readers[0].IsValid(row)) writer.WriteValue(text(readers[0].GetValue<T>(row)), row);
                else writer.WriteNull(row);
            }
        });

    private static void Register(DuckDBConnection root, string name, Func<string, string, string?> text) =>
        root.RegisterScalarFunction<string, string, string>(name, (readers, writer, count) =>
        {
            for (ulong row = 0; row < count; row++)
            {
                if (readers[0].IsValid(row) && readers[1].IsValid(row) && text(readers[0].GetValue<string>(row), readers[1].GetValue<string>(row)) is { } answer) writer.WriteValue(answer, row);
                else writer.WriteNull(row);
            }
        });

    private static void Run(DuckDBConnection root, string name)
    {
        using var reader = new StreamReader(typeof(DialectMacros).Assembly.GetManifestResourceStream($"{Folder}{name}.sql")!);
        using var command = root.CreateCommand();
        command.CommandText = reader.ReadToEnd();
        command.ExecuteNonQuery();
    }

    /// <summary>The other lengths of sha2; what is none answers NULL.</summary>
    private static string? Digest(string hex, int bits)
    {
        var bytes = Convert.FromHexString(hex);
        return bits switch
        {
            384 => Convert.ToHexStringLower(SHA384.HashData(bytes)),
            512 => Convert.ToHexStringLower(SHA512.HashData(bytes)),
            _ => null,
        };
    }
}
