/* The languages of the books. See languages.h for the placeholders in the patterns. */

#include "generator/languages.h"

#define LIST(...)                                                                                                      \
    {                                                                                                                  \
        (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)          \
    }

/* Formatted by hand as a table. */
/* clang-format off */
const struct language languages[] = {
    {
        .words = &english_words, .share = 47, .name = "%g %f", .comma = ", ", .and = " & ",
        .rare_names = LIST("%g %i %f", "%i %i %f", "%g %f-%f", "%g %g %f", "%g %f Jr.", "Dr. %g %f", "%g \"%g\" %f"),
        .titles = {
            LIST("The %a %n", "The %a %n", "%a %n", "The Last %n", "The %n of %p", "The %n and the %n", "%n and %n",
                 "%n & %n", "The %n's %n", "%g's %n", "%g and the %a %n", "The House on %f Street", "Murder in %p",
                 "A Winter in %p", "Letters from %p", "The Road to %p", "Last Train to %p", "Return to %p",
                 "Midnight in %p", "%p, %y", "The Girl from %p", "The %f Inheritance", "The %f Affair",
                 "Beyond the %n", "Where the %n Sleeps", "No %n for %g", "A Song for %g", "%n in the Dark",
                 "The %n Collector", "%a Nights", "Too %a for %p", "The %n: A Novel", "\"%n\" and Other Stories",
                 "The %n; or, The %a %n", "The %n Trilogy, Book %d", "The %a %n of %N", "Don't Look at the %n!",
                 "Who Killed %N?"),
            LIST("%N: A Life", "The Life and Letters of %N", "Growing Up in %p", "My Year in %p",
                 "The %a Life of %N", "From %p to %p: A Memoir", "I, %g %f", "%N: The Authorised Biography",
                 "My Life with %g", "What I Couldn't Say in %p"),
            LIST("On %n", "The Idea of %n", "%n: A Very Short Introduction", "Why %n Matters", "Rethinking %n",
                 "%n & %n: Essays", "The %n Principle", "A Short History of %n", "The Art of %n",
                 "Reading \"%t\"", "%t: A Reader's Companion", "Conversations with %N", "After %t",
                 "The Psychology of the %a %n", "From C:\\ to %n: A Programmer's Notebook"),
        },
        .publishers = LIST("%f & %f", "%f Press", "%f, %f and Sons", "University of %p Press", "%p Books"),
    },
    {
        .words = &german_words, .share = 6, .name = "%g %f", .comma = ", ", .and = " und ",
        .rare_names = LIST("Dr. %g %f", "%g von %f", "%g %f-%f"),
        .titles = {
            LIST("%n und %n", "%n in %p", "Ohne %n", "Mehr als %n", "Zwischen %n und %n", "Der letzte Zug nach %p",
                 "Briefe aus %p", "Ein Sommer in %p", "Mord in %p", "Familie %f", "Die Erben von %p",
                 "„%n“ und andere Erzählungen", "%p, %y", "Grüße an %g"),
            LIST("%N: Ein Leben", "%N. Eine Biografie", "Meine Jahre in %p", "Aufgewachsen in %p"),
            LIST("Über %n", "%n: Eine Einführung", "%n & %n: Essays", "Gespräche mit %N", "Was heißt hier %n?"),
        },
        .publishers = LIST("%f Verlag", "Verlag %f & %f", "Edition %f", "%f & Söhne", "Verlagshaus %p"),
    },
    {
        .words = &french_words, .share = 6, .name = "%g %f", .comma = ", ", .and = " et ",
        .rare_names = LIST("%g-%g %f", "%g de %f"),
        .titles = {
            LIST("Un été à %p", "Le dernier train pour %p", "%p, mon amour", "Minuit à %p", "L'affaire %f",
                 "Les %f", "L'héritage des %f", "%g et %g", "La maison %f", "L'automne où %g s'en alla",
                 "Où est passé %N ?", "« Adieu, %g »", "Crime à %p", "Hôtel du Port, %p"),
            LIST("%N : une vie", "Moi, %g %f", "Mes années à %p", "Entre %p et %p"),
            LIST("Lire %f", "%N : l'œuvre et la pensée", "Entretiens avec %N"),
        },
        .publishers = LIST("Éditions %f", "%f & Fils", "Librairie %f", "Imprimerie %f"),
    },
    {
        .words = &spanish_words, .share = 6, .name = "%g %f %f", .comma = ", ", .and = " y ",
        .rare_names = LIST("%g %f", "%g %g %f", "%g de %f"),
        .titles = {
            LIST("Un verano en %p", "El último tren a %p", "Los %f", "La casa de los %f", "Cartas desde %p",
                 "%g y %g", "Medianoche en %p", "El caso %f", "¿Quién mató a %N?", "¡Adiós, %p!",
                 "El secreto de %g", "Camino de %p", "Cien días en %p"),
            LIST("%N: una vida", "Yo, %g %f", "Mis años en %p"),
            LIST("Leer a %f", "Conversaciones con %N", "El pensamiento de %N"),
        },
        .publishers = LIST("Editorial %f", "%f Hermanos", "Ediciones %f", "%f y %f Editores"),
    },
    {
        .words = &italian_words, .share = 4, .name = "%g %f", .comma = ", ", .and = " e ",
        .rare_names = LIST("%g %g %f", "%g D'%f"),
        .titles = {
            LIST("Un'estate a %p", "L'ultimo treno per %p", "Lettere da %p", "Il segreto di %g", "Casa %f",
                 "Delitto a %p", "Notte a %p", "L'eredità %f", "%g e %g", "%p, città perduta", "Addio a %p"),
            LIST("%N: una vita", "Io, %g %f", "I miei anni a %p"),
            LIST("Leggere %f", "Conversazioni con %N", "Il pensiero di %N"),
        },
        .publishers = LIST("%f Editore", "Edizioni %f", "Casa editrice %f", "%f & Figli"),
    },
    {
        .words = &portuguese_words, .share = 4, .name = "%g %f", .comma = ", ", .and = " e ",
        .rare_names = LIST("%g %f %f", "%g %g %f"),
        .titles = {
            LIST("%n e %n", "Sem %n", "Entre %n e %n", "O segredo de %g", "Família %f", "%p, meu amor",
                 "%p, terra de %n", "Sertão: %p, %y", "Adeus, %g", "%g & %g"),
            LIST("%N: uma vida", "Eu, %g %f", "%p: memórias"),
            LIST("Lendo \"%t\"", "Conversas com %N", "%n: um ensaio", "Introdução: %n e %n"),
        },
        .publishers = LIST("Editora %f", "%f & Irmãos", "Livraria %f"),
    },
    {
        .words = &polish_words, .share = 3, .name = "%g %f", .comma = ", ", .and = " i ",
        .titles = {
            LIST("Kierunek: %p", "%p nocą", "%g i %g", "Ostatni pociąg: %p", "%p, moje miasto", "Dom %f",
                 "Listy: %p – %p", "%p, %y", "Gdzie jest %g?"),
            LIST("%N. Biografia", "Ja, %g", "%N: życie i czasy", "%p: wspomnienia"),
            LIST("„%t”: szkice krytyczne", "Czytając „%t”", "%N: myśli zebrane"),
        },
        .publishers = LIST("Wydawnictwo %f", "Oficyna „%p”"),
    },
    {
        .words = &russian_words, .share = 4, .name = "%g %f", .comma = ", ", .and = " и ",
        .titles = {
            LIST("%p, любовь моя", "%g и %g", "Поезд «%p — %p»", "Станция %p", "Письма: %p — %p",
                 "Дело № %d: %f", "Город %p", "%p, год %y", "Последняя остановка — %p", "Где же ты, %g?"),
            LIST("%N: биография", "%N. Воспоминания", "%N: жизнь и время"),
            LIST("«%t»: комментарий", "Читая «%t»", "%N: лекции и беседы"),
        },
        .publishers = LIST("Издательство «%p»", "%f и партнёры"),
    },
    {
        .words = &ukrainian_words, .share = 1, .name = "%g %f", .comma = ", ", .and = " та ",
        .titles = {
            LIST("Місто %p", "%p, любове моя", "Потяг «%p — %p»", "%g і %g", "Кінцева зупинка: %p"),
            LIST("%N: життєпис", "%N. Спогади"),
            LIST("%N: лекції та бесіди", "%N: вибрані есеї"),
        },
        .publishers = LIST("Видавництво «%f»", "Видавничий дім «%p»"),
    },
    {
        .words = &greek_words, .share = 1, .name = "%g %f", .comma = ", ", .and = " & ",
        .titles = {
            LIST("%p, αγάπη μου", "Καλοκαίρι: %p", "%g και %g", "Τελευταίος σταθμός: %p", "%p, έτος %y"),
            LIST("%N: μια ζωή", "%N. Βιογραφία"),
            LIST("%N: δοκίμια", "%N: συνομιλίες"),
        },
        .publishers = LIST("Εκδόσεις %f", "%f & Υιοί"),
    },
    {
        .words = &turkish_words, .share = 1, .name = "%g %f", .comma = ", ", .and = " ve ",
        .titles = {
            LIST("%p Geceleri", "%p Treni", "%g ile %g", "Son Durak: %p", "Sevgili %g", "%p Mektupları"),
            LIST("%N: Bir Yaşam", "Ben, %N"),
            LIST("%N ile Konuşmalar", "%f Okumaları"),
        },
        .publishers = LIST("%f Yayınları", "%f Kitabevi"),
    },
    {
        .words = &hungarian_words, .share = 1, .name = "%f %g", .comma = ", ", .and = " és ",
        .titles = {
            LIST("%a %n", "%n és %n", "%p, szerelmem", "A %f család", "Végállomás: %p"),
            LIST("%N élete", "%N: emlékirat"),
            LIST("%n: esszék", "Beszélgetések: %N"),
        },
        .publishers = LIST("%f Kiadó", "%f és Társa"),
    },
    {
        .words = &vietnamese_words, .share = 1, .name = "%f %g", .comma = ", ", .and = " và ",
        .titles = {
            LIST("Chuyến tàu đến %p", "Mùa hè ở %p", "Thư từ %p", "Đêm %p", "%g và %g"),
            LIST("%N: Một đời người", "Hồi ký %N"),
            LIST("Trò chuyện với %N", "Đọc %N"),
        },
        .publishers = LIST("Nhà xuất bản %p", "NXB %g"),
    },
    {
        .words = &chinese_words, .share = 4, .name = "%f%g", .comma = "、", .and = "、",
        .titles = {
            LIST("%p往事", "%n与%n", "%p之夜", "开往%p的列车", "%n的故事", "没有%n的日子", "再见，%g", "%y年的%p"),
            LIST("%N传", "我的%p岁月", "%N自述"),
            LIST("《%t》导读", "论%n", "%n与%n：随笔集", "《%t》与《%t》"),
        },
        .publishers = LIST("%p出版社", "%p大学出版社"),
    },
    {
        .words = &japanese_words, .share = 3, .name = "%f %g", .comma = "、", .and = "、",
        .titles = {
            LIST("%nの%n", "%nと%n", "%p殺人事件", "%p行き最終列車", "さよなら、%g", "%gの%n", "%pの夏", "%nを待ちながら"),
            LIST("評伝 %N", "%N自伝", "わが%pの日々"),
            LIST("%nとは何か", "%n入門", "「%n」の思想"),
        },
        .publishers = LIST("%f書店", "%f書房", "%f出版"),
    },
    {
        .words = &korean_words, .share = 1, .name = "%f%g", .comma = ", ", .and = ", ",
        .titles = {
            LIST("%a %n", "%n의 %n", "%p의 밤", "%p 가는 길", "%n 그리고 %n"),
            LIST("%N 평전", "나의 %p 시절"),
            LIST("%n 입문", "%n의 철학", "%n 수업"),
        },
        .publishers = LIST("도서출판 %g", "%p출판사"),
    },
    {
        .words = &arabic_words, .share = 1, .name = "%g %f", .comma = "، ", .and = " و",
        .titles = {
            LIST("%n و%n", "ليالي %p", "رسائل من %p", "الطريق إلى %p", "%g و%g"),
            LIST("%N: سيرة", "مذكرات %N"),
            LIST("%n: مدخل", "حوارات مع %N"),
        },
        .publishers = LIST("دار %p للنشر", "مكتبة %g"),
    },
    {
        .words = &hebrew_words, .share = 1, .name = "%g %f", .comma = ", ", .and = " ו",
        .titles = {
            LIST("לילות %p", "הרכבת האחרונה ל%p", "קיץ ב%p", "מכתבים מ%p", "%g ו%g"),
            LIST("%N: סיפור חיים", "הזיכרונות של %N"),
            LIST("שיחות עם %N", "לקרוא את %N"),
        },
        .publishers = LIST("הוצאת %f", "ספרי %f", "%f ובניו"),
    },
    {
        .words = &persian_words, .share = 1, .name = "%g %f", .comma = "، ", .and = " و ",
        .titles = {
            LIST("%n %a", "%n و %n", "شب‌های %p", "قطار %p", "نامه‌هایی از %p"),
            LIST("زندگی %N", "خاطرات %N"),
            LIST("درباره‌ی %n", "گفت‌وگو با %N"),
        },
        .publishers = LIST("نشر %f", "انتشارات %f"),
    },
    {
        .words = &armenian_words, .share = 1, .name = "%g %f", .comma = ", ", .and = " և ",
        .titles = {
            LIST("%p, իմ սեր", "%g և %g", "Վերջին կանգառը՝ %p"),
            LIST("%N. կենսագրություն", "%N. հուշեր"),
            LIST("%N. ընտիր էսսեներ"),
        },
        .publishers = LIST("%f հրատարակչություն"),
    },
    {
        .words = &georgian_words, .share = 1, .name = "%g %f", .comma = ", ", .and = " და ",
        .titles = {
            LIST("%p, ჩემო სიყვარულო", "%g და %g", "ბოლო მატარებელი: %p"),
            LIST("%N: ბიოგრაფია", "%N: მოგონებები"),
            LIST("%N: საუბრები"),
        },
        .publishers = LIST("გამომცემლობა „%f“"),
    },
    {
        .words = &thai_words, .share = 1, .name = "%g %f", .comma = ", ", .and = " และ ",
        .titles = {
            LIST("คืนหนึ่งใน%p", "รถไฟสายสุดท้ายไป%p", "จดหมายจาก%p", "%gกับ%g"),
            LIST("ชีวประวัติ %N", "บันทึกของ%g"),
            LIST("สนทนากับ %N"),
        },
        .publishers = LIST("สำนักพิมพ์%f"),
    },
    {
        .words = &nepali_words, .share = 1, .name = "%g %f", .comma = ", ", .and = " र ",
        .titles = {
            LIST("%pको बाटो", "%g र %g", "%pका दिनहरू"),
            LIST("%N: एक जीवनी", "मेरा %pका दिन"),
            LIST("%Nसँग कुराकानी"),
        },
        .publishers = LIST("%f प्रकाशन"),
    },
};
/* clang-format on */

const size_t languages_count = sizeof languages / sizeof languages[0];
