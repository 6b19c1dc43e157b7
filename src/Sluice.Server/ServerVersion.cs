using System.Reflection;

namespace Sluice.Server;

/// <summary>Which version this is.</summary>
internal static class ServerVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
        .InformationalVersion.Split('+')[0] ?? "0";
}
