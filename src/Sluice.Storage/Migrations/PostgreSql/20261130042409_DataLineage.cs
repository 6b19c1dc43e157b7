using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sluice.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class DataLineage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "lineage_edges",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "uuid", nullable: false),
                    edge = table.Column<Guid>(type: "uuid", nullable: false),
                    source_path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source_column = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    target_path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    target_column = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    first_seen_at = table.Column<long>(type: "bigint", nullable: false),
                    last_seen_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lineage_edges", x => new { x.connection_id, x.edge });
                    table.ForeignKey(
                        name: "fk_lineage_edges_connection_id",
                        column: x => x.connection_id,
                        principalTable: "connections",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "lineage_tags",
                columns: table => new
                {
                    object_id = table.Column<long>(type: "bigint", nullable: false),
                    column_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tag = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    origin_path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    origin_column = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lineage_tags", x => new { x.object_id, x.column_name, x.tag, x.origin_path, x.origin_column });
                    table.ForeignKey(
                        name: "fk_lineage_tags_object_id",
                        column: x => x.object_id,
                        principalTable: "data_objects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_lineage_edges_source_path",
                table: "lineage_edges",
                column: "source_path");

            migrationBuilder.CreateIndex(
                name: "ix_lineage_edges_target_path",
                table: "lineage_edges",
                column: "target_path");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "lineage_edges");

            migrationBuilder.DropTable(
                name: "lineage_tags");
        }
    }
}
