using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;

namespace Sluice.EndToEnd.Tests;

/// <summary>The arrows of docs/architecture.md, read from the project files and from what the compiler really used.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Sluice.Core"] = [],
        ["Sluice.Platforms"] = ["Sluice.Core"],
        ["Sluice.Platforms.Databricks"] = ["Sluice.Platforms", "Sluice.Core"],
        ["Sluice.Platforms.LakeFormation"] = ["Sluice.Platforms", "Sluice.Core"],
        ["Sluice.Platforms.PostgreSql"] = ["Sluice.Platforms", "Sluice.Core"],
        ["Sluice.Platforms.Snowflake"] = ["Sluice.Platforms", "Sluice.Core"],
        ["Sluice.Storage"] = ["Sluice.Core"],
        ["Sluice.Engine"] = ["Sluice.Storage", "Sluice.Platforms", "Sluice.Platforms.Databricks", "Sluice.Platforms.LakeFormation", "Sluice.Platforms.PostgreSql", "Sluice.Platforms.Snowflake", "Sluice.Core"],
        ["Sluice.Server"] = ["Sluice.Engine", "Sluice.Storage", "Sluice.Platforms", "Sluice.Platforms.LakeFormation", "Sluice.Core"],
        ["Sluice.Sandbox.Aws"] = [],
        ["Sluice.Sandbox.Databricks"] = [],
        ["Sluice.Sandbox.Snowflake"] = [],
        ["Sluice.Cli"] = ["Sluice.Server", "Sluice.Sandbox.Aws", "Sluice.Sandbox.Databricks", "Sluice.Sandbox.Snowflake", "Sluice.Engine", "Sluice.Storage", "Sluice.Platforms", "Sluice.Platforms.LakeFormation", "Sluice.Core"],
    };

    // Namespaces and types by which a program reaches files, the network, other processes, or the machine it runs on.
    private static readonly string[] Outside =
    [
        "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.DriveInfo", "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.FileSystemWatcher",
        "System.IO.IsolatedStorage", "System.IO.MemoryMappedFiles", "System.IO.Pipes", "System.IO.RandomAccess", "System.IO.StreamReader", "System.IO.StreamWriter",
        "System.Net", "System.Data", "System.Console", "System.Diagnostics.Process", "System.Runtime.InteropServices.NativeLibrary",
        "Microsoft.Win32", "System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Threading.Thread",
    ];

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_names_only_what_its_arrows_lead_to(string project)
    {
        Allowed.ShouldContainKey(project, "a new project needs a line in the table of arrows");
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        var named = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

        named.Except(Allowed[project]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_uses_only_what_its_arrows_lead_to(string project)
    {
        var assembly = Assembly.Load(project == "Sluice.Cli" ? "sluice" : project);

        var used = assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Sluice.", StringComparison.Ordinal));

        used.Except(Allowed[project]).ShouldBeEmpty();
    }

    [Fact]
    public void Core_uses_nothing_but_the_base_class_library()
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", "Sluice.Core", "Sluice.Core.csproj"));
        file.Descendants("PackageReference").ShouldBeEmpty();

        Assembly.Load("Sluice.Core").GetReferencedAssemblies().Select(a => a.Name!)
            .ShouldAllBe(n => n.StartsWith("System.", StringComparison.Ordinal) || n == "netstandard");
    }

    [Fact]
    public void Core_touches_nothing_outside_the_process()
    {
        // Read from what the compiler wrote down: these types lie in assemblies that everyone references.
        using var file = new PEReader(File.OpenRead(Assembly.Load("Sluice.Core").Location));
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(t => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}").ToList();

        used.ShouldContain("System.Text.Json.JsonElement", "this is how types are listed");
        used.ShouldAllBe(type => !Outside.Any(o => type == o || type.StartsWith($"{o}.", StringComparison.Ordinal)));

        // What the compiler makes of an iterator asks which thread it is on; nothing else may be asked of the environment.
        metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(m => m.Parent.Kind == HandleKind.TypeReference && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)m.Parent).Name) == nameof(Environment))
            .Select(m => metadata.GetString(m.Name)).ShouldAllBe(name => name == $"get_{nameof(Environment.CurrentManagedThreadId)}");
    }

    [Fact]
    public void A_grain_takes_and_gives_ids_and_small_records_of_the_engine_alone()
    {
        var engine = Assembly.Load("Sluice.Engine");
        var grains = engine.GetTypes().Where(t => t.IsInterface && t.GetInterfaces().Any(i => i.FullName == "Orleans.IGrain")).ToList();

        grains.ShouldNotBeEmpty();
        foreach (var method in grains.SelectMany(g => g.GetMethods()))
        {
            foreach (var type in method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType))
                IsFit(type).ShouldBeTrue($"{method.DeclaringType!.Name}.{method.Name}: {type}");
        }

        bool IsFit(Type type) =>
            type.IsPrimitive || type.IsEnum || type == typeof(Guid) || type == typeof(string) || type == typeof(Task) || type == typeof(CancellationToken)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) && IsFit(type.GetGenericArguments()[0]))
            || (type.Assembly == engine && type.GetMethod("<Clone>$") is not null);
    }

    [Fact]
    public void Every_event_of_the_log_has_an_id_of_its_own()
    {
        var events = new[] { "Sluice.Engine", "Sluice.Storage" }.SelectMany(a => Assembly.Load(a).GetTypes())
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId).OfType<int>().ToList();

        events.ShouldNotBeEmpty();
        events.ShouldBeUnique();
    }

    [Fact]
    public void Every_error_code_is_in_the_table_of_the_docs()
    {
        var docs = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));
        foreach (var code in Engine.Errors.ErrorCode.All)
            docs.ShouldContain($"| {code.Code} | {code.Status} | {code.Title} |");
    }
}
